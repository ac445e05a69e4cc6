export { type Account, createAccount, type NetbirdAccount } from './account.ts';
export { createGroups, type Groups, type NetbirdGroup } from './groups.ts';
export { createPeers, type NetbirdPeer, type Peers } from './peers.ts';
export { createTokens, type NetbirdToken, type NewToken, type Tokens } from './tokens.ts';
export type { NetbirdUser } from './user.ts';
export type { ChangedUser, UserChanges, UserSettings } from './user-changes.ts';
export { type CreatedUser, createUsers, type NewUser, type UserFilter, type Users } from './users.ts';
