export { type AuthenticatorOptions, ZitadelAuthenticator } from './authenticator.ts';
export { resolveReference } from './references.ts';
export { IntegrationRegistry, type RegistryOptions, type Tenant } from './registry.ts';
