/**
 * OpenBao for programs: sign-in, tokens, secrets, policies, and its setup. The types of what goes over the wire are exported too,
 * because the emulator answers in the same ones.
 */
export * from './client/index.ts';
export * from './lease/index.ts';
export * from './services/index.ts';
export * from './setup/index.ts';
export * from './transport/index.ts';
export type * from './wire/index.ts';
