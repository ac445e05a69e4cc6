export { claimsFor } from './apply-policy.ts';
export type {
  ClaimCondition,
  ClaimPath,
  ClaimRule,
  ClaimSource,
  ClaimsPolicy,
  RolesSource,
} from './policy.ts';
export { type ClaimsPolicyFileOptions, type ClaimsPolicySource, openClaimsPolicy } from './policy-file.ts';
export { readClaimsPolicy } from './read-policy.ts';
