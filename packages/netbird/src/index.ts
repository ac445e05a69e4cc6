/**
 * NetBird for programs: users, groups, peers, tokens. The types of what goes over the wire are exported too, because the
 * emulator answers in the same ones.
 */
export * from './client/index.ts';
export * from './identity/index.ts';
export * from './services/index.ts';
export * from './transport/index.ts';
export type * from './wire/index.ts';
