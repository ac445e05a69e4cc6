export { type BulkAction, type BulkItem, type BulkResult, bulk } from './bulk.ts';
export { type CreateUser, createUser } from './create.ts';
export { changeUser, inviteUser, removeUser, requestState, type UserChange } from './lifecycle.ts';
export { addMembership, removeMembership } from './membership.ts';
export {
  getUser,
  type ListUsers,
  listUsers,
  type UserPage,
  type UserSort,
  type UserView,
  type WithoutUsers,
} from './read.ts';
export type { AlsoRecord, Asked, StartedRun, UserRequests } from './request.ts';
export { stateOf, type UserState, userStates } from './state-word.ts';
