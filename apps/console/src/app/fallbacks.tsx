import { Link, useRouter } from '@tanstack/react-router';
import { ButtonLink, PageHeader, ProblemPanel } from '../parts/index.ts';

/** An address that leads nowhere, or to what belongs to others: both answer alike. */
export function Missing() {
  return (
    <>
      <PageHeader title="Not found here">
        There is nothing of that name here, or you have no part in its organization.
      </PageHeader>
      <Link to="/">Go to the start</Link>
    </>
  );
}

/** A page that could not be drawn; the others still work. */
export function Broken({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter();
  return (
    <>
      <PageHeader title="This page could not be shown" />
      <ProblemPanel
        error={error}
        what="Nothing was changed"
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
      <p>
        <ButtonLink variant="default" outside href="/">
          Go to the start
        </ButtonLink>
      </p>
    </>
  );
}
