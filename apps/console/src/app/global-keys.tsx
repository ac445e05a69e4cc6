import { useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useKeys } from '../parts/index.ts';
import { useKnownOrganization } from './navigation.tsx';
import { organizationPages } from './pages-of.ts';

const Help = lazy(async () => ({ default: (await import('./help.tsx')).Help }));

/** The keys that work on every page, and the page that lists them all. */
export function GlobalKeys({
  org,
  onPalette,
}: {
  readonly org: string | undefined;
  readonly onPalette: () => void;
}) {
  const navigate = useNavigate();
  const router = useRouter();
  const [help, setHelp] = useState(false);
  const organization = useKnownOrganization(org);
  const pages = organization ? organizationPages(organization) : [];
  useKeys({
    '?': () => setHelp(true),
    'Mod+k': onPalette,
    Escape: () => router.history.back(),
    ...Object.fromEntries(pages.map(({ key, path }) => [`g ${key}`, () => void navigate({ to: path })])),
  });
  return <Suspense>{help && <Help pages={pages} onClose={() => setHelp(false)} />}</Suspense>;
}
