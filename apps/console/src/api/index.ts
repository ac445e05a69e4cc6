export { createQueryClient } from './client.ts';
export { type LiveState, useLive, useLiveState } from './live.ts';
export { type Problem, problemOf, problemText } from './problem.ts';
export * from './queries-directory.ts';
export * from './queries-users.ts';
export * from './queries-work.ts';
export { type Query, type RequestOptions, request, withQuery } from './request.ts';
export { signInUrl, useSignedOut } from './session.ts';
export type * from './types.ts';
