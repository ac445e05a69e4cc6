import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import * as pages from '../pages/index.ts';
import { Broken, Missing } from './fallbacks.tsx';
import { Home } from './home.tsx';
import { OrganizationLayout } from './organization-layout.tsx';
import { texts } from './search.ts';
import { Shell } from './shell.tsx';
import { SiteLayout } from './site-layout.tsx';

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Shell,
  notFoundComponent: Missing,
  errorComponent: Broken,
});
const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const me = createRoute({
  getParentRoute: () => root,
  path: '/me',
  component: lazyRouteComponent(pages.me, 'MePage'),
});

const organization = createRoute({
  getParentRoute: () => root,
  path: '/o/$org',
  component: OrganizationLayout,
});
const inOrganization = { getParentRoute: () => organization };
const overview = createRoute({
  ...inOrganization,
  path: '/',
  component: lazyRouteComponent(pages.overview, 'OverviewPage'),
});
const users = createRoute({
  ...inOrganization,
  path: '/users',
  validateSearch: texts('q', 'sort', 'panel'),
  component: lazyRouteComponent(pages.users, 'UsersPage'),
});
const userIndex = createRoute({
  ...inOrganization,
  path: '/users/$id',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/o/$org/users/$id/$tab', params: { ...params, tab: 'summary' }, replace: true });
  },
});
const user = createRoute({
  ...inOrganization,
  path: '/users/$id/$tab',
  component: lazyRouteComponent(pages.user, 'UserPage'),
});
const runs = createRoute({
  ...inOrganization,
  path: '/runs',
  validateSearch: texts('q'),
  component: lazyRouteComponent(pages.runs, 'RunsPage'),
});
const run = createRoute({
  ...inOrganization,
  path: '/runs/$id',
  validateSearch: texts('step'),
  component: lazyRouteComponent(pages.run, 'RunPage'),
});
const imports = createRoute({
  ...inOrganization,
  path: '/imports',
  component: lazyRouteComponent(pages.imports, 'ImportsPage'),
});
const importDetail = createRoute({
  ...inOrganization,
  path: '/imports/$id',
  validateSearch: texts('plan'),
  component: lazyRouteComponent(pages.importDetail, 'ImportPage'),
});
const sweeps = createRoute({
  ...inOrganization,
  path: '/sweeps',
  validateSearch: texts('q'),
  component: lazyRouteComponent(pages.sweeps, 'OrganizationSweepsPage'),
});
const sweep = createRoute({
  ...inOrganization,
  path: '/sweeps/$id',
  component: lazyRouteComponent(pages.sweep, 'OrganizationSweepPage'),
});
const sessions = createRoute({
  ...inOrganization,
  path: '/sessions',
  validateSearch: texts('q'),
  component: lazyRouteComponent(pages.sessions, 'SessionsPage'),
});
const accounts = createRoute({
  ...inOrganization,
  path: '/service-accounts',
  component: lazyRouteComponent(pages.serviceAccounts, 'ServiceAccountsPage'),
});
const audit = createRoute({
  ...inOrganization,
  path: '/audit',
  validateSearch: texts('q', 'around'),
  component: lazyRouteComponent(pages.audit, 'OrganizationAuditPage'),
});
const settings = createRoute({
  ...inOrganization,
  path: '/settings',
  component: lazyRouteComponent(pages.organizationSettings, 'OrganizationSettingsPage'),
});

const site = createRoute({ getParentRoute: () => root, path: '/site', component: SiteLayout });
const inSite = { getParentRoute: () => site };
const organizations = createRoute({
  ...inSite,
  path: '/organizations',
  validateSearch: texts('q', 'panel'),
  component: lazyRouteComponent(pages.organizations, 'OrganizationsPage'),
});
const mapping = createRoute({
  ...inSite,
  path: '/organizations/$id/map',
  validateSearch: texts('step', 'zitadel'),
  component: lazyRouteComponent(pages.mapping, 'MappingPage'),
});
const integrations = createRoute({
  ...inSite,
  path: '/integrations',
  component: lazyRouteComponent(pages.integrations, 'IntegrationsPage'),
});
const newIntegration = createRoute({
  ...inSite,
  path: '/integrations/new',
  validateSearch: texts('step', 'id'),
  component: lazyRouteComponent(pages.integrationWizard, 'IntegrationWizardPage'),
});
const siteSweeps = createRoute({
  ...inSite,
  path: '/sweeps',
  validateSearch: texts('q'),
  component: lazyRouteComponent(pages.sweeps, 'SiteSweepsPage'),
});
const siteSweep = createRoute({
  ...inSite,
  path: '/sweeps/$id',
  component: lazyRouteComponent(pages.sweep, 'SiteSweepPage'),
});
const siteAudit = createRoute({
  ...inSite,
  path: '/audit',
  validateSearch: texts('q', 'around'),
  component: lazyRouteComponent(pages.audit, 'SiteAuditPage'),
});
const siteSettings = createRoute({
  ...inSite,
  path: '/settings',
  component: lazyRouteComponent(pages.siteSettings, 'SiteSettingsPage'),
});

const tree = root.addChildren([
  home,
  me,
  organization.addChildren([
    overview,
    users,
    userIndex,
    user,
    runs,
    run,
    imports,
    importDetail,
    sweeps,
    sweep,
    sessions,
    accounts,
    audit,
    settings,
  ]),
  site.addChildren([
    organizations,
    mapping,
    integrations,
    newIntegration,
    siteSweeps,
    siteSweep,
    siteAudit,
    siteSettings,
  ]),
]);

/** All addresses of the console. Pages load when they are first opened, or pointed at. */
export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultNotFoundComponent: Missing,
    defaultErrorComponent: Broken,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
