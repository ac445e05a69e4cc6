export type * from './account.ts';
export type * from './group.ts';
export type * from './peer.ts';
export type * from './token.ts';
export type * from './user.ts';
