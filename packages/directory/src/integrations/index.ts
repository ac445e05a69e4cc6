export { type AuthenticatorOptions, ZitadelAuthenticator } from './authenticator.ts';
export { IntegrationRegistry, type RegistryOptions, type Tenant } from './registry.ts';
