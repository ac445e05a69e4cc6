export type { AccessAnswer, AccessQuestion, SubjectAccess } from './access/index.ts';
export { type Caller, type FrontProxyTrust, settleFrontProxy } from './caller/index.ts';
export { type IdentityGroup, identityGroups } from './discovery/index.ts';
export { createIdentityApi, type IdentityApi, type IdentityApiOptions } from './identity-api.ts';
