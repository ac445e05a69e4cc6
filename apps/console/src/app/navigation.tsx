import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { organizationFor, useMe } from '../access/index.ts';
import { organizationsQuery, overviewQuery } from '../api/index.ts';
import { organizationPages, sitePages } from './pages-of.ts';

/** Links to the pages of the chosen organization, and to those of the site. */
export function Navigation({ org }: { readonly org: string | undefined }) {
  const me = useMe();
  const organization = useKnownOrganization(org);
  const waiting = useQuery({
    ...overviewQuery(organization?.id ?? ''),
    enabled: organization?.can('users.read') ?? false,
  });
  const count = waiting.data?.attention.length ?? 0;
  return (
    <>
      {organization &&
        organizationPages(organization).map(({ label, path }) => (
          <Link key={path} to={path} activeOptions={{ exact: label === 'Overview', includeSearch: false }}>
            {label}
            {label === 'Overview' && count > 0 && (
              <span className="count" title={`${count} wait for a person`}>
                {count}
              </span>
            )}
          </Link>
        ))}
      {me.siteAdministrator && (
        <>
          <h2>Site</h2>
          {sitePages.map(({ label, path }) => (
            <Link key={path} to={path} activeOptions={{ includeSearch: false }}>
              {label}
            </Link>
          ))}
        </>
      )}
      <h2>You</h2>
      <Link to="/me">Me</Link>
    </>
  );
}

/** The organization of a slug, as far as the signed-in person may know it. */
export function useKnownOrganization(org: string | undefined) {
  const me = useMe();
  const all = useQuery({ ...organizationsQuery(), enabled: me.siteAdministrator });
  const known = [...me.organizations, ...(all.data ?? [])].find(({ slug, id }) => slug === org || id === org);
  const chosen = known ?? me.organizations[0] ?? all.data?.[0];
  return chosen && organizationFor(me, chosen);
}
