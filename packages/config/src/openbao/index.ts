/**
 * Configuration in OpenBao: the source, and the sign-in that leads to it. Clients of OpenBao and Zitadel are loaded when they are first
 * needed, so that a value that is kept on this machine costs none of them.
 */
export type { OpenbaoCredential } from './credential.ts';
export { createOpenbaoSession } from './session.ts';
export { type OpenbaoSourceOptions, openbaoSource } from './source.ts';
export type {
  OpenbaoLoggedOut,
  OpenbaoPeek,
  OpenbaoRequest,
  OpenbaoSession,
  OpenbaoSessionOptions,
} from './types.ts';
