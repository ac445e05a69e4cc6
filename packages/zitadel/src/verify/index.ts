export type { IntrospectionClient } from './introspect.ts';
export type { Algorithm } from './key-set.ts';
export { createLogoutVerifier, type LogoutRequest, type LogoutVerifierOptions } from './logout-token.ts';
export type {
  InactiveReason,
  RevocationFeed,
  RoleClaims,
  TokenClaims,
  TokenVerifier,
  Verification,
  VerifyOptions,
} from './verification.ts';
export { createVerifier, type VerifierOptions } from './verifier.ts';
