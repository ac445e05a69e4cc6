/**
 * Zitadel for programs: credentials, tokens, services, verification. The types of what goes over the wire are exported
 * too, because the emulator answers in the same ones.
 */
export * from './checks/index.ts';
export * from './client/index.ts';
export * from './credentials/index.ts';
export * from './rotation/index.ts';
export * from './services/index.ts';
export * from './session/index.ts';
export * from './sign-in/index.ts';
export * from './token/index.ts';
export * from './transport/index.ts';
export * from './verify/index.ts';
export type * from './wire/index.ts';
