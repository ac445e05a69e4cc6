export { administratorKey } from './administrators.ts';
export { authorizationKey } from './authorizations.ts';
export { primaryDomain } from './organizations.ts';
export { projectNameKey } from './projects.ts';
export {
  type AdministratorRow,
  type AdministratorScope,
  type ApplicationRow,
  type AuthorizationRow,
  type DomainRow,
  type ExecutionRow,
  type HumanRow,
  type KeyRow,
  type LogoutRow,
  type MetadataRow,
  type OidcSessionRow,
  type OrganizationRow,
  objectState,
  type PatRow,
  type PendingCode,
  type ProjectGrantRow,
  type ProjectRow,
  type SessionRow,
  type TargetKeyRow,
  type TargetRow,
  type UserRow,
  userState,
} from './records.ts';
export { projectedEventTypes } from './reducers.ts';
export { type IdpLinkRow, type IdpRow, State, type WebKeyRow } from './state.ts';
export { Views } from './views.ts';
