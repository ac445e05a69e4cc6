import { rolesCheck } from './abilities.ts';
import { keyCheck, tokenCheck, versionCheck } from './account.ts';
import { clockCheck, issuerCheck, keysCheck } from './connection.ts';
import type { Check } from './finding.ts';
import type { InstancePatient } from './patient.ts';

export { type Abilities, readAbilities } from './abilities.ts';
export { type Check, type CheckResult, type Finding, runChecks } from './finding.ts';
export type { InstancePatient } from './patient.ts';

/** What commonly goes wrong between us and an instance, in the order in which it is looked for. */
export const instanceChecks: readonly Check<InstancePatient>[] = [
  issuerCheck,
  clockCheck,
  keyCheck,
  tokenCheck,
  versionCheck,
  rolesCheck,
  keysCheck,
];
