/**
 * The directory of a multi-tenant product: organizations mapped to Zitadel's, users provisioned by durable runs, audit,
 * and the REST API over all of it.
 */
export type { Authenticator, Caller, Permission } from './api/index.ts';
export {
  type AuditEntry,
  type AuditVerification,
  recordAudit,
  sealAudit,
  verifyAudit,
} from './audit/index.ts';
export {
  compareSchema,
  Database,
  type DatabaseLocation,
  openDatabase,
  type RunState,
  type Schema,
  type SchemaDifference,
  type StepState,
} from './database/index.ts';
export { type Directory, type DirectoryOptions, openDirectory } from './directory.ts';
export {
  addOrganization,
  findOrganization,
  type NewOrganization,
  type Organization,
} from './organizations/index.ts';
export {
  type EngineOptions,
  type Saga,
  SagaEngine,
  type Step,
  type StepContext,
  type StepResult,
} from './saga/index.ts';
export {
  type KnownMember,
  nameFirstAdministrator,
  putMember,
  putNetbirdIntegration,
  putOrganizationNetbird,
  putSiteAdministrator,
  putZitadelIntegration,
  type ZitadelIntegration,
} from './setup/index.ts';
export type { EventsOptions } from './zitadel-events/index.ts';
