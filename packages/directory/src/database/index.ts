export { Database } from './database.ts';
export { type DatabaseLocation, openDatabase } from './open.ts';
export type {
  AuditTable,
  IntegrationTable,
  MembershipTable,
  OrganizationTable,
  RunState,
  RunTable,
  Schema,
  StepState,
  StepTable,
  UserTable,
} from './schema.ts';
export { translateDatabaseError, violatedUnique } from './translate.ts';
