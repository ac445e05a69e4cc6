export type { ChangeTarget, FieldChange, OpenbaoChange } from './change.ts';
export { harmonySetup } from './harmony.ts';
export { applyOpenbao, planOpenbao } from './plan.ts';
export { folderPolicy, leeways, readerPolicy } from './policies.ts';
export type { CiSetup, HarmonySetup, TeamSetup, WantedJwt, WantedOpenbao } from './wanted.ts';
