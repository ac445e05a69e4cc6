export { compareSchema, type SchemaDifference } from './catalog.ts';
export { Database } from './database.ts';
export { type DatabaseLocation, openDatabase } from './open.ts';
export type {
  AuditTable,
  IntegrationTable,
  MembershipTable,
  NetbirdState,
  OrganizationTable,
  RunState,
  RunTable,
  Schema,
  SettingTable,
  SignInMethod,
  StepState,
  StepTable,
  UserTable,
  ZitadelState,
} from './schema.ts';
export type { ImportRowTable, ImportState, ImportTable } from './schema-imports.ts';
export type {
  StatusChangeTable,
  SweepItemTable,
  SweepOrganizationTable,
  SweepState,
  SweepTable,
} from './schema-status.ts';
export type { ChangeTable, WebApplication, WebSessionTable, WebSignInTable } from './schema-web.ts';
export { violatedUnique } from './translate.ts';
export { findsFew, haveWords, lackWords, wordsOf } from './words.ts';
