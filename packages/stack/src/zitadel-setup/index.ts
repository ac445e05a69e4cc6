export { type ApplyObserver, applyZitadelSetup } from './apply.ts';
export { type CredentialFolder, credentialFolder } from './credential-folder.ts';
export type { SetupField } from './fields.ts';
export type { Ledger, LedgerEntry } from './ledger.ts';
export * from './output/index.ts';
export {
  type ForeignObject,
  type Present,
  planZitadelSetup,
  type SetupChange,
  type ZitadelSetupOptions,
  type ZitadelSetupPlan,
} from './plan/index.ts';
export * from './wish/index.ts';
