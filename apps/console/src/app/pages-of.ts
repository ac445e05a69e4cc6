import type { CurrentOrganization } from '../access/index.ts';

/** A page in the navigation. */
export interface NavigationPage {
  readonly label: string;
  /** Second letter after `g`. */
  readonly key: string;
  readonly path: string;
}

/** The pages of an organization that somebody may see, built from permissions alone. */
export function organizationPages(organization: CurrentOrganization): readonly NavigationPage[] {
  const base = `/o/${organization.slug}`;
  const { can } = organization;
  const pages: readonly (NavigationPage & { readonly shown: boolean })[] = [
    { label: 'Overview', key: 'o', path: base, shown: can('users.read') },
    { label: 'Users', key: 'u', path: `${base}/users`, shown: can('users.read') },
    { label: 'Runs', key: 'r', path: `${base}/runs`, shown: can('runs.read') },
    { label: 'Imports', key: 'i', path: `${base}/imports`, shown: can('users.write') },
    { label: 'Sweeps', key: 'w', path: `${base}/sweeps`, shown: can('sweeps.read') },
    { label: 'Sessions', key: 's', path: `${base}/sessions`, shown: can('sessions.read') },
    { label: 'Service accounts', key: 'k', path: `${base}/service-accounts`, shown: can('accounts.read') },
    { label: 'Audit', key: 'a', path: `${base}/audit`, shown: can('audit.read') },
    { label: 'Settings', key: 't', path: `${base}/settings`, shown: can('settings.write') },
  ];
  return pages.filter(({ shown }) => shown);
}

/** The pages across organizations. */
export const sitePages: readonly Omit<NavigationPage, 'key'>[] = [
  { label: 'Organizations', path: '/site/organizations' },
  { label: 'Integrations', path: '/site/integrations' },
  { label: 'Sweeps', path: '/site/sweeps' },
  { label: 'Audit', path: '/site/audit' },
  { label: 'Settings', path: '/site/settings' },
];
