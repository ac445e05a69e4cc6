export {
  createJwtMethod,
  type JwtConfig,
  type JwtKeys,
  type JwtMethod,
  type JwtRole,
  jwtConfigBody,
  jwtRoleBody,
} from './jwt.ts';
export {
  type CheckAndSet,
  createKv2,
  type Kv2,
  type KvData,
  type KvSecret,
  type KvSettings,
  type KvVersion,
} from './kv.ts';
export type { LoginToken } from './login.ts';
export { createMounts, type Mount, type Mounts, type MountTuning } from './mounts.ts';
export { createNamespaces, createPolicies, type Namespaces, type Policies } from './policies.ts';
export {
  createSystem,
  type Health,
  type Initialized,
  type SealStatus,
  type ServerState,
  type System,
} from './system.ts';
export type { TokenFields } from './token-fields.ts';
export { createTokens, type NewToken, type TokenInfo, type TokenRef, type Tokens } from './tokens.ts';
export { createUserpassMethod, type UserpassMethod } from './userpass.ts';
