export { type IdentityGroup, identityGroups, type Served, version } from './groups.ts';
export { addDiscovery } from './routes.ts';
