export { ZitadelAuthenticator } from './authenticator.ts';
export { keepSecret, resolveReference } from './references.ts';
export { IntegrationRegistry } from './registry.ts';
export type { Integration, OrganizationPlace, Tenant } from './tenant.ts';
