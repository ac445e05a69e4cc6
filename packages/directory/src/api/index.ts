export { addApi } from './api.ts';
export type { Authenticator, Caller, Permission } from './caller.ts';
