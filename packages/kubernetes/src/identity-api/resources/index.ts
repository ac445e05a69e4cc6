export { compareMoments } from './moments.ts';
export type {
  Call,
  Listed,
  ListRequest,
  NewObject,
  ResourceAccess,
  ResourceDescription,
  Verb,
  VirtualResource,
} from './resource.ts';
export type { Schema } from './schema.ts';
export { createServiceAccountKeyResource } from './service-account-keys.ts';
export { createSessionResource } from './sessions.ts';
export { createUserIdentityResource } from './user-identities.ts';
