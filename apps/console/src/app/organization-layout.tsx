import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { OrganizationProvider, organizationFor, useMe } from '../access/index.ts';
import { organizationsQuery, useLive } from '../api/index.ts';
import { Loading, ProblemPanel } from '../parts/index.ts';
import { ActingBand } from './acting-band.tsx';
import { Missing } from './fallbacks.tsx';
import { rememberOrganization } from './last-organization.ts';

/** Everything under `/o/{slug}`: finds the organization and keeps its pages fresh. */
export function OrganizationLayout() {
  const { org } = useParams({ from: '/o/$org' });
  const me = useMe();
  const client = useQueryClient();
  const own = me.organizations.find(({ slug, id }) => slug === org || id === org);
  const all = useQuery({ ...organizationsQuery(), enabled: own === undefined && me.siteAdministrator });
  const known = own ?? all.data?.find(({ slug, id }) => slug === org || id === org);
  // The same object until something of it changes, so that what is drawn with it is not drawn again.
  const organization = useMemo(() => known && organizationFor(me, known), [me, known]);
  useLive(client, organization?.can('users.read') ? organization.id : undefined);
  useEffect(() => {
    if (own) rememberOrganization(own.slug);
  }, [own]);
  if (organization) {
    return (
      <OrganizationProvider organization={organization}>
        {organization.foreign && (
          <ActingBand organization={organization} acting={me.acting?.organizationId === organization.id} />
        )}
        <Outlet />
      </OrganizationProvider>
    );
  }
  if (own === undefined && !me.siteAdministrator) return <Missing />;
  if (all.error)
    return (
      <ProblemPanel
        error={all.error}
        what="The organizations could not be read"
        onRetry={() => void all.refetch()}
      />
    );
  return all.isPending ? <Loading /> : <Missing />;
}
