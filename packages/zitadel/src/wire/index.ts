export type * from './authorization.ts';
export type * from './common.ts';
export type * from './instance.ts';
export type * from './methods.ts';
export type * from './organization.ts';
export type * from './project.ts';
export type * from './session.ts';
export type * from './user.ts';
