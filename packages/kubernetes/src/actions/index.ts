export { actionsServerAccess } from './access.ts';
export {
  type ActionsServer,
  type ActionsServerOptions,
  actionPaths,
  createActionsServer,
} from './actions-server.ts';
export {
  type ClaimCondition,
  type ClaimPath,
  type ClaimRule,
  type ClaimSource,
  type ClaimsPolicy,
  type ClaimsPolicyFileOptions,
  type ClaimsPolicySource,
  claimsFor,
  openClaimsPolicy,
  type RolesSource,
  readClaimsPolicy,
} from './claims/index.ts';
export { type KeyRingOptions, openKeyRing } from './intake/index.ts';
export { type CreatingEvent, type LoginProvider, parseProviderNames } from './users/index.ts';
