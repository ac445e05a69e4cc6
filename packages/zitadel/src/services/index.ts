export { type Actions, createActions, type FoundExecution } from './actions.ts';
export { type Administrators, createAdministrators, type FoundAdministrator } from './administrators.ts';
export {
  type Applications,
  type CreatedApplication,
  createApplications,
  type FoundApplication,
  type FoundApplicationKey,
} from './applications.ts';
export {
  type AuthorizationFilter,
  type Authorizations,
  createAuthorizations,
  type FoundAuthorization,
} from './authorizations.ts';
export { type Canary, createCanary } from './canary.ts';
export { createDevices, type Devices, type WaitingDevice } from './devices.ts';
export { createEvents, type EventFilter, type EventOptions, type Events } from './events.ts';
export {
  createIdentityProviders,
  type FoundIdentityProvider,
  type IdentityProviders,
} from './identity-providers.ts';
export type { FoundIdpLink, IdpLinks } from './idp-links.ts';
export { createInstanceService, type InstanceService } from './instance.ts';
export type { Listing, ListOptions, Page } from './listing.ts';
export type { MetadataMap } from './metadata.ts';
export { createOidcSettings, type OidcSettings, type TokenLifetimes } from './oidc-settings.ts';
export {
  createOrganizations,
  type FoundOrganization,
  type OrganizationFilter,
  type Organizations,
} from './organizations.ts';
export type { OwnRoles } from './own-roles.ts';
export { deactivatedByKey, type OwnerMark, ownerKeys, ownerMetadata, readOwner, sameOwner } from './owner.ts';
export type { FoundGrant, GrantFilter, ProjectGrants } from './project-grants.ts';
export type { FoundRole, ProjectRoles } from './project-roles.ts';
export { createProjects, type FoundProject, type ProjectFilter, type Projects } from './projects.ts';
export type { Change, With } from './reading.ts';
export { createSessions, type FoundSession, type SessionFilter, type Sessions } from './sessions.ts';
export type { StoredEvent } from './stored-event.ts';
export type { FoundTargetKey, TargetKeys } from './target-keys.ts';
export type { FoundTarget, NewTarget, TargetKind, TargetUpdate } from './targets.ts';
export type { CodeDelivery, InviteDelivery, UserCodes } from './user-codes.ts';
export type {
  AddedKey,
  FoundKey,
  FoundPersonalAccessToken,
  KeyFilter,
  NewKey,
  UserKeys,
} from './user-keys.ts';
export type { UserMetadata } from './user-metadata.ts';
export type { UserStates } from './user-states.ts';
export {
  type CreatedUser,
  createUsers,
  type FoundUser,
  type NewUser,
  type UserFilter,
  type Users,
  type UserUpdate,
} from './users.ts';
