/** What stands between Zitadel and those that rely on it: setup, relay, doctor. */
export * from './doctor/index.ts';
export * from './kube/index.ts';
export { type Phase, type PhaseName, readRootToken, type Workshop } from './phases/index.ts';
export * from './relay/index.ts';
export {
  accessOf,
  type StackAccess,
  type StackIntent,
  type StackSettings,
  settleStack,
} from './settings/index.ts';
export * from './up/index.ts';
export * from './zitadel-setup/index.ts';
