import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useMe } from '../access/index.ts';
import { signInUrl, useLive } from '../api/index.ts';
import { PageHeader } from '../parts/index.ts';

/** Everything under `/site`: for site administrators, signed in through the management application. */
export function SiteLayout() {
  const me = useMe();
  useLive(useQueryClient(), me.siteAdministrator ? null : undefined);
  if (me.siteAdministrator) return <Outlet />;
  return (
    <>
      <PageHeader title="For site administrators">
        You are signed in{' '}
        {me.application === 'console' ? 'to the console of your organization' : 'without that right'}.
      </PageHeader>
      <p>
        Site administrators sign in through the management application:{' '}
        <a href={signInUrl({ application: 'management' })}>sign in there</a>. Nobody else can.
      </p>
    </>
  );
}
