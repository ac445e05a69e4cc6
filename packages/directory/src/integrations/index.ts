export {
  findIntegration,
  type IntegrationChange,
  listIntegrations,
  type SecretColumn,
  saveIntegration,
  secretColumns,
  secretKind,
} from './administer.ts';
export { ZitadelAuthenticator } from './authenticator.ts';
export { type Health, readHealth } from './health.ts';
export { keepSecret, resolveReference } from './references.ts';
export { IntegrationRegistry } from './registry.ts';
export { removeIntegration, requireUnused } from './remove.ts';
export { resealSecrets } from './reseal.ts';
export type { Integration, OrganizationPlace, Tenant } from './tenant.ts';
export { type Trial, tryNetbird, tryZitadel } from './try.ts';
