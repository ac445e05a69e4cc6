import { Navigate } from '@tanstack/react-router';
import { useMe } from '../access/index.ts';
import { lastOrganization } from './last-organization.ts';

/** The start: the organization last seen, else the first, else oneself. */
export function Home() {
  const me = useMe();
  const last = lastOrganization();
  const organization = me.organizations.find(({ slug }) => slug === last) ?? me.organizations[0];
  if (organization?.permissions.includes('users.read')) {
    return <Navigate to="/o/$org" params={{ org: organization.slug }} replace />;
  }
  if (me.siteAdministrator) return <Navigate to="/site/organizations" replace />;
  return <Navigate to="/me" replace />;
}
