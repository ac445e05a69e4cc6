import type { MethodName } from '@drawbridge/zitadel';
import { listAdministrators } from './administrator-list.ts';
import * as administrators from './administrators.ts';
import * as applicationKeys from './application-keys.ts';
import * as applicationRead from './application-read.ts';
import * as applications from './applications.ts';
import { listAuthorizations } from './authorization-list.ts';
import {
  activateAuthorization,
  createAuthorization,
  deactivateAuthorization,
  deleteAuthorization,
  updateAuthorization,
} from './authorizations.ts';
import type { Handler } from './call.ts';
import { authorizeOrDenyDevice, getDeviceAuthorizationRequest } from './device-authorization.ts';
import { listEvents } from './events.ts';
import * as executions from './executions.ts';
import * as idpLinks from './idp-links.ts';
import * as idps from './idps.ts';
import * as instance from './instance.ts';
import { listMyMemberships } from './memberships.ts';
import * as metadata from './metadata-services.ts';
import * as oidcSettings from './oidc-settings.ts';
import * as domains from './organization-domains.ts';
import * as organizations from './organizations.ts';
import * as grants from './project-grants.ts';
import * as roles from './project-roles.ts';
import * as projects from './projects.ts';
import { listSessions } from './session-list.ts';
import * as sessions from './sessions.ts';
import * as settings from './settings.ts';
import * as targetKeys from './target-keys.ts';
import * as targets from './targets.ts';
import { addHumanUser, createUser } from './user-create.ts';
import * as emails from './user-email.ts';
import * as keys from './user-keys.ts';
import { passwordReset, setPassword } from './user-password.ts';
import * as phones from './user-phone.ts';
import { getUserById, listAuthenticationMethodTypes, listUsers } from './user-read.ts';
import { deactivateUser, deleteUser, lockUser, reactivateUser, unlockUser } from './user-state.ts';
import { updateUser } from './user-update.ts';
import * as webKeys from './web-keys.ts';

const users = {
  CreateUser: createUser,
  AddHumanUser: addHumanUser,
  GetUserByID: getUserById,
  ListUsers: listUsers,
  ListIDPLinks: idpLinks.listIdpLinks,
  AddIDPLink: idpLinks.addIdpLink,
  RemoveIDPLink: idpLinks.removeIdpLink,
  VerifyPhone: phones.verifyPhone,
  ResendPhoneCode: phones.resendPhoneCode,
  ListAuthenticationMethodTypes: listAuthenticationMethodTypes,
  UpdateUser: updateUser,
  SetEmail: emails.setEmail,
  SendEmailCode: emails.sendEmailCode,
  ResendEmailCode: emails.resendEmailCode,
  VerifyEmail: emails.verifyEmail,
  CreateInviteCode: emails.createInviteCode,
  VerifyInviteCode: emails.verifyInviteCode,
  PasswordReset: passwordReset,
  SetPassword: setPassword,
  AddKey: keys.addKey,
  RemoveKey: keys.removeKey,
  ListKeys: keys.listKeys,
  AddSecret: keys.addSecret,
  RemoveSecret: keys.removeSecret,
  AddPersonalAccessToken: keys.addPersonalAccessToken,
  RemovePersonalAccessToken: keys.removePersonalAccessToken,
  ListPersonalAccessTokens: keys.listPersonalAccessTokens,
  DeactivateUser: deactivateUser,
  ReactivateUser: reactivateUser,
  LockUser: lockUser,
  UnlockUser: unlockUser,
  DeleteUser: deleteUser,
  SetUserMetadata: metadata.setUserMetadata,
  ListUserMetadata: metadata.listUserMetadata,
  DeleteUserMetadata: metadata.deleteUserMetadata,
};

const organizationService = {
  AddOrganization: organizations.addOrganization,
  UpdateOrganization: organizations.updateOrganization,
  DeactivateOrganization: organizations.deactivateOrganization,
  ActivateOrganization: organizations.activateOrganization,
  DeleteOrganization: organizations.deleteOrganization,
  ListOrganizations: organizations.listOrganizations,
  AddOrganizationDomain: domains.addOrganizationDomain,
  DeleteOrganizationDomain: domains.deleteOrganizationDomain,
  ListOrganizationDomains: domains.listOrganizationDomains,
  GenerateOrganizationDomainValidation: domains.generateDomainValidation,
  VerifyOrganizationDomain: domains.verifyOrganizationDomain,
  SetOrganizationMetadata: metadata.setOrganizationMetadata,
  ListOrganizationMetadata: metadata.listOrganizationMetadata,
  DeleteOrganizationMetadata: metadata.deleteOrganizationMetadata,
};

const projectService = {
  CreateProject: projects.createProject,
  UpdateProject: projects.updateProject,
  DeactivateProject: projects.deactivateProject,
  ActivateProject: projects.activateProject,
  DeleteProject: projects.deleteProject,
  GetProject: projects.getProject,
  ListProjects: projects.listProjects,
  AddProjectRole: roles.addProjectRole,
  UpdateProjectRole: roles.updateProjectRole,
  RemoveProjectRole: roles.removeProjectRole,
  ListProjectRoles: roles.listProjectRoles,
  CreateProjectGrant: grants.createProjectGrant,
  UpdateProjectGrant: grants.updateProjectGrant,
  DeactivateProjectGrant: grants.deactivateProjectGrant,
  ActivateProjectGrant: grants.activateProjectGrant,
  DeleteProjectGrant: grants.deleteProjectGrant,
  ListProjectGrants: grants.listProjectGrants,
};

const authorizationService = {
  CreateAuthorization: createAuthorization,
  UpdateAuthorization: updateAuthorization,
  ActivateAuthorization: activateAuthorization,
  DeactivateAuthorization: deactivateAuthorization,
  DeleteAuthorization: deleteAuthorization,
  ListAuthorizations: listAuthorizations,
};

const instanceService = {
  GetInstance: instance.getInstance,
  UpdateInstance: instance.updateInstance,
  AddCustomDomain: instance.changeCustomDomain,
  RemoveCustomDomain: instance.changeCustomDomain,
  ListCustomDomains: instance.listCustomDomains,
  AddTrustedDomain: instance.addTrustedDomain,
  RemoveTrustedDomain: instance.removeTrustedDomain,
  ListTrustedDomains: instance.listTrustedDomains,
};

const sessionService = {
  CreateSession: sessions.createSession,
  SetSession: sessions.setSession,
  GetSession: sessions.getSession,
  DeleteSession: sessions.deleteSession,
  ListSessions: listSessions,
};

const applicationService = {
  CreateApplication: applications.createApplication,
  UpdateApplication: applications.updateApplication,
  DeactivateApplication: applications.deactivateApplication,
  ReactivateApplication: applications.reactivateApplication,
  DeleteApplication: applications.deleteApplication,
  GenerateClientSecret: applications.generateClientSecret,
  GetApplication: applicationRead.getApplication,
  ListApplications: applicationRead.listApplications,
  CreateApplicationKey: applicationKeys.createApplicationKey,
  DeleteApplicationKey: applicationKeys.deleteApplicationKey,
  GetApplicationKey: applicationKeys.getApplicationKey,
  ListApplicationKeys: applicationKeys.listApplicationKeys,
};

const internalPermissionService = {
  CreateAdministrator: administrators.createAdministrator,
  UpdateAdministrator: administrators.updateAdministrator,
  DeleteAdministrator: administrators.deleteAdministrator,
  ListAdministrators: listAdministrators,
};

const oidcService = {
  GetDeviceAuthorizationRequest: getDeviceAuthorizationRequest,
  AuthorizeOrDenyDeviceAuthorization: authorizeOrDenyDevice,
};

/** What executions can name: filled in once the table stands, below. */
const procedures = (): ReadonlySet<string> => new Set([...handlers.keys(), ...v1Handlers.keys()]);

const actionService = {
  CreateTarget: targets.createTarget,
  UpdateTarget: targets.updateTarget,
  DeleteTarget: targets.deleteTarget,
  GetTarget: targets.getTarget,
  ListTargets: targets.listTargets,
  AddPublicKey: targetKeys.addPublicKey,
  ActivatePublicKey: targetKeys.activatePublicKey,
  DeactivatePublicKey: targetKeys.deactivatePublicKey,
  RemovePublicKey: targetKeys.removePublicKey,
  ListPublicKeys: targetKeys.listPublicKeys,
  SetExecution: executions.setExecution(procedures),
  ListExecutions: executions.listExecutions(procedures),
  ListExecutionFunctions: executions.listExecutionFunctions,
  ListExecutionMethods: executions.listExecutionMethods(procedures),
  ListExecutionServices: executions.listExecutionServices(procedures),
};

const webKeyService = {
  CreateWebKey: webKeys.createWebKey,
  ActivateWebKey: webKeys.activateWebKey,
  DeleteWebKey: webKeys.deleteWebKey,
  ListWebKeys: webKeys.listWebKeys,
};

const settingsService = {
  GetGeneralSettings: settings.getGeneralSettings,
  GetLoginSettings: settings.getLoginSettings,
  GetPasswordComplexitySettings: settings.getPasswordComplexitySettings,
  GetPasswordExpirySettings: settings.getPasswordExpirySettings,
  GetLockoutSettings: settings.getLockoutSettings,
  GetDomainSettings: settings.getDomainSettings,
  GetActiveIdentityProviders: settings.getActiveIdentityProviders,
};

const services = {
  'zitadel.webkey.v2.WebKeyService': webKeyService,
  'zitadel.settings.v2.SettingsService': settingsService,
  'zitadel.idp.v2.IdentityProviderService': { GetIDPByID: idps.getIdpById },
  'zitadel.action.v2.ActionService': actionService,
  'zitadel.user.v2.UserService': users,
  'zitadel.org.v2.OrganizationService': organizationService,
  'zitadel.project.v2.ProjectService': projectService,
  'zitadel.authorization.v2.AuthorizationService': authorizationService,
  'zitadel.instance.v2.InstanceService': instanceService,
  'zitadel.session.v2.SessionService': sessionService,
  'zitadel.oidc.v2.OIDCService': oidcService,
  'zitadel.application.v2.ApplicationService': applicationService,
  'zitadel.internal_permission.v2.InternalPermissionService': internalPermissionService,
} satisfies ServicesOf<MethodName> & Readonly<Record<string, object>>;

/** Every service and method that the client's table names: the compiler refuses an emulator that lacks one. */
type ServicesOf<M extends string> = {
  readonly [S in M as S extends `${infer Service}/${string}` ? Service : never]: {
    readonly [N in M as N extends `${S extends `${infer Service}/${string}` ? Service : never}/${infer Method}`
      ? Method
      : never]: Handler;
  };
};

/** v1 methods: REST alone, as v1 has no Connect. */
export const v1Handlers: ReadonlyMap<string, Handler> = new Map([
  ['zitadel.admin.v1.AdminService/ListEvents', listEvents],
  ['zitadel.admin.v1.AdminService/GetOIDCSettings', oidcSettings.getOidcSettings],
  ['zitadel.admin.v1.AdminService/AddOIDCSettings', oidcSettings.addOidcSettings],
  ['zitadel.admin.v1.AdminService/UpdateOIDCSettings', oidcSettings.updateOidcSettings],
  ['zitadel.admin.v1.AdminService/AddGenericOIDCProvider', idps.addGenericOidcProvider],
  ['zitadel.auth.v1.AuthService/ListMyMemberships', listMyMemberships],
]);

/** Every method there is, by `service/method`. The edges only translate into and out of it. */
export const handlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries<Readonly<Record<string, Handler>>>(services).flatMap(([service, methods]) =>
    Object.entries(methods).map(([method, handler]) => [`${service}/${method}`, handler] as const),
  ),
);
