export { type CreatedUser, type CreateUser, createUser } from './create.ts';
export { forgetIdempotencyKeys } from './idempotency.ts';
export { getUser, type ListUsers, listUsers, type UserPage, type UserView } from './read.ts';
