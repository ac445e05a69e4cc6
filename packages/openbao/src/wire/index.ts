export type * from './auth.ts';
export type * from './envelope.ts';
export type * from './kv.ts';
export type * from './system.ts';
