import type * as application from './application.ts';
import type * as authorization from './authorization.ts';
import type * as common from './common.ts';
import type * as instance from './instance.ts';
import type * as permission from './internal-permission.ts';
import type { ActionMethods, IdpMethods, OidcMethods, UserCredentialMethods } from './methods-more.ts';
import type * as organization from './organization.ts';
import type * as project from './project.ts';
import type * as session from './session.ts';
import type * as user from './user.ts';
import type * as credentials from './user-credentials.ts';

/** What a call takes and what it answers. */
export interface Call<Request, Response> {
  request: Request;
  response: Response;
}

interface ApplicationMethods {
  'zitadel.application.v2.ApplicationService/CreateApplication': Call<
    application.CreateApplicationRequest,
    application.CreateApplicationResponse
  >;
  'zitadel.application.v2.ApplicationService/ListApplications': Call<
    application.ListApplicationsRequest,
    application.ListApplicationsResponse
  >;
  'zitadel.application.v2.ApplicationService/CreateApplicationKey': Call<
    application.CreateApplicationKeyRequest,
    application.CreateApplicationKeyResponse
  >;
  'zitadel.application.v2.ApplicationService/GenerateClientSecret': Call<
    application.GenerateClientSecretRequest,
    application.GenerateClientSecretResponse
  >;
}

/** What happens to an application after it was made. */
interface ApplicationLifeMethods {
  'zitadel.application.v2.ApplicationService/GetApplication': Call<
    application.GetApplicationRequest,
    application.GetApplicationResponse
  >;
  'zitadel.application.v2.ApplicationService/UpdateApplication': Call<
    application.UpdateApplicationRequest,
    common.ChangeDateResponse
  >;
  'zitadel.application.v2.ApplicationService/DeleteApplication': Call<
    application.ApplicationIdRequest,
    common.DeletionDateResponse
  >;
  'zitadel.application.v2.ApplicationService/DeactivateApplication': Call<
    application.ApplicationIdRequest,
    application.DeactivateApplicationResponse
  >;
  'zitadel.application.v2.ApplicationService/ReactivateApplication': Call<
    application.ApplicationIdRequest,
    application.ReactivateApplicationResponse
  >;
  'zitadel.application.v2.ApplicationService/DeleteApplicationKey': Call<
    application.DeleteApplicationKeyRequest,
    common.DeletionDateResponse
  >;
}

interface InternalPermissionMethods {
  'zitadel.internal_permission.v2.InternalPermissionService/CreateAdministrator': Call<
    permission.CreateAdministratorRequest,
    common.CreationDateResponse
  >;
  'zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator': Call<
    permission.UpdateAdministratorRequest,
    common.ChangeDateResponse
  >;
  'zitadel.internal_permission.v2.InternalPermissionService/DeleteAdministrator': Call<
    permission.DeleteAdministratorRequest,
    common.DeletionDateResponse
  >;
  'zitadel.internal_permission.v2.InternalPermissionService/ListAdministrators': Call<
    permission.ListAdministratorsRequest,
    permission.ListAdministratorsResponse
  >;
}

/** The instance and session services, so that one table stays readable. */
interface SessionAndInstanceMethods {
  'zitadel.session.v2.SessionService/CreateSession': Call<
    session.CreateSessionRequest,
    session.CreateSessionResponse
  >;
  'zitadel.session.v2.SessionService/GetSession': Call<session.GetSessionRequest, session.GetSessionResponse>;
  'zitadel.session.v2.SessionService/ListSessions': Call<
    session.ListSessionsRequest,
    session.ListSessionsResponse
  >;
  'zitadel.session.v2.SessionService/DeleteSession': Call<
    session.DeleteSessionRequest,
    session.DeleteSessionResponse
  >;
  'zitadel.instance.v2.InstanceService/GetInstance': Call<
    instance.InstanceIdRequest,
    instance.GetInstanceResponse
  >;
  'zitadel.instance.v2.InstanceService/ListCustomDomains': Call<
    instance.ListCustomDomainsRequest,
    instance.ListCustomDomainsResponse
  >;
  'zitadel.instance.v2.InstanceService/ListTrustedDomains': Call<
    instance.ListTrustedDomainsRequest,
    instance.ListTrustedDomainsResponse
  >;
}

interface UserMethods {
  'zitadel.user.v2.UserService/CreateUser': Call<user.CreateUserRequest, user.CreateUserResponse>;
  'zitadel.user.v2.UserService/GetUserByID': Call<user.UserIdRequest, user.GetUserByIdResponse>;
  'zitadel.user.v2.UserService/ListUsers': Call<user.ListUsersRequest, user.ListUsersResponse>;
  'zitadel.user.v2.UserService/UpdateUser': Call<user.UpdateUserRequest, user.UpdateUserResponse>;
  'zitadel.user.v2.UserService/DeleteUser': Call<user.UserIdRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/DeactivateUser': Call<user.UserIdRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/ReactivateUser': Call<user.UserIdRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/LockUser': Call<user.UserIdRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/UnlockUser': Call<user.UserIdRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/SetUserMetadata': Call<user.SetUserMetadataRequest, common.SetDateResponse>;
  'zitadel.user.v2.UserService/ListUserMetadata': Call<
    user.ListUserMetadataRequest,
    common.ListMetadataResponse
  >;
  'zitadel.user.v2.UserService/DeleteUserMetadata': Call<
    user.DeleteUserMetadataRequest,
    common.DeletionDateResponse
  >;
  'zitadel.user.v2.UserService/AddKey': Call<credentials.AddKeyRequest, credentials.AddKeyResponse>;
  'zitadel.user.v2.UserService/RemoveKey': Call<credentials.RemoveKeyRequest, common.DeletionDateResponse>;
  'zitadel.user.v2.UserService/ListKeys': Call<credentials.ListKeysRequest, credentials.ListKeysResponse>;
  'zitadel.user.v2.UserService/AddSecret': Call<user.UserIdRequest, credentials.AddSecretResponse>;
  'zitadel.user.v2.UserService/AddPersonalAccessToken': Call<
    credentials.AddPersonalAccessTokenRequest,
    credentials.AddPersonalAccessTokenResponse
  >;
  'zitadel.user.v2.UserService/SendEmailCode': Call<
    credentials.EmailCodeRequest,
    credentials.EmailCodeResponse
  >;
  'zitadel.user.v2.UserService/ResendEmailCode': Call<
    credentials.EmailCodeRequest,
    credentials.EmailCodeResponse
  >;
  'zitadel.user.v2.UserService/CreateInviteCode': Call<
    credentials.CreateInviteCodeRequest,
    credentials.CreateInviteCodeResponse
  >;
}

interface OrganizationMethods {
  'zitadel.org.v2.OrganizationService/AddOrganization': Call<
    organization.AddOrganizationRequest,
    organization.AddOrganizationResponse
  >;
  'zitadel.org.v2.OrganizationService/ListOrganizations': Call<
    organization.ListOrganizationsRequest,
    organization.ListOrganizationsResponse
  >;
  'zitadel.org.v2.OrganizationService/UpdateOrganization': Call<
    organization.UpdateOrganizationRequest,
    common.ChangeDateResponse
  >;
  'zitadel.org.v2.OrganizationService/DeactivateOrganization': Call<
    organization.OrganizationIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.org.v2.OrganizationService/ActivateOrganization': Call<
    organization.OrganizationIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.org.v2.OrganizationService/DeleteOrganization': Call<
    organization.OrganizationIdRequest,
    common.DeletionDateResponse
  >;
  'zitadel.org.v2.OrganizationService/SetOrganizationMetadata': Call<
    organization.SetOrganizationMetadataRequest,
    common.SetDateResponse
  >;
  'zitadel.org.v2.OrganizationService/ListOrganizationMetadata': Call<
    organization.ListOrganizationMetadataRequest,
    common.ListMetadataResponse
  >;
  'zitadel.org.v2.OrganizationService/DeleteOrganizationMetadata': Call<
    organization.DeleteOrganizationMetadataRequest,
    common.DeletionDateResponse
  >;
}

interface ProjectMethods {
  'zitadel.project.v2.ProjectService/CreateProject': Call<
    project.CreateProjectRequest,
    project.CreateProjectResponse
  >;
  'zitadel.project.v2.ProjectService/GetProject': Call<project.ProjectIdRequest, project.GetProjectResponse>;
  'zitadel.project.v2.ProjectService/ListProjects': Call<
    project.ListProjectsRequest,
    project.ListProjectsResponse
  >;
  'zitadel.project.v2.ProjectService/UpdateProject': Call<
    project.UpdateProjectRequest,
    common.ChangeDateResponse
  >;
  'zitadel.project.v2.ProjectService/DeleteProject': Call<
    project.ProjectIdRequest,
    common.DeletionDateResponse
  >;
  'zitadel.project.v2.ProjectService/DeactivateProject': Call<
    project.ProjectIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.project.v2.ProjectService/ActivateProject': Call<
    project.ProjectIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.project.v2.ProjectService/AddProjectRole': Call<
    project.AddProjectRoleRequest,
    common.CreationDateResponse
  >;
  'zitadel.project.v2.ProjectService/UpdateProjectRole': Call<
    project.UpdateProjectRoleRequest,
    common.ChangeDateResponse
  >;
  'zitadel.project.v2.ProjectService/ListProjectRoles': Call<
    project.ListProjectRolesRequest,
    project.ListProjectRolesResponse
  >;
  'zitadel.project.v2.ProjectService/RemoveProjectRole': Call<
    project.RemoveProjectRoleRequest,
    project.RemoveProjectRoleResponse
  >;
  'zitadel.project.v2.ProjectService/CreateProjectGrant': Call<
    project.ProjectGrantRolesRequest,
    common.CreationDateResponse
  >;
  'zitadel.project.v2.ProjectService/UpdateProjectGrant': Call<
    project.ProjectGrantRolesRequest,
    common.ChangeDateResponse
  >;
  'zitadel.project.v2.ProjectService/ListProjectGrants': Call<
    project.ListProjectGrantsRequest,
    project.ListProjectGrantsResponse
  >;
  'zitadel.project.v2.ProjectService/DeleteProjectGrant': Call<
    project.ProjectGrantIdRequest,
    common.DeletionDateResponse
  >;
  'zitadel.project.v2.ProjectService/ActivateProjectGrant': Call<
    project.ProjectGrantIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.project.v2.ProjectService/DeactivateProjectGrant': Call<
    project.ProjectGrantIdRequest,
    common.ChangeDateResponse
  >;
}

interface AuthorizationMethods {
  'zitadel.authorization.v2.AuthorizationService/CreateAuthorization': Call<
    authorization.CreateAuthorizationRequest,
    authorization.CreateAuthorizationResponse
  >;
  'zitadel.authorization.v2.AuthorizationService/UpdateAuthorization': Call<
    authorization.UpdateAuthorizationRequest,
    common.ChangeDateResponse
  >;
  'zitadel.authorization.v2.AuthorizationService/ActivateAuthorization': Call<
    authorization.AuthorizationIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.authorization.v2.AuthorizationService/DeactivateAuthorization': Call<
    authorization.AuthorizationIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.authorization.v2.AuthorizationService/DeleteAuthorization': Call<
    authorization.AuthorizationIdRequest,
    common.DeletionDateResponse
  >;
  'zitadel.authorization.v2.AuthorizationService/ListAuthorizations': Call<
    authorization.ListAuthorizationsRequest,
    authorization.ListAuthorizationsResponse
  >;
}

/**
 * Every Connect call we make: `service/method` → request and response. The client's transport and the emulator's
 * handler table are both typed by it, so that a contract stands in one place.
 */
export interface Methods
  extends UserMethods,
    UserCredentialMethods,
    IdpMethods,
    OrganizationMethods,
    ProjectMethods,
    AuthorizationMethods,
    ApplicationMethods,
    ApplicationLifeMethods,
    InternalPermissionMethods,
    OidcMethods,
    ActionMethods,
    SessionAndInstanceMethods {}

/** Path of a Connect call, without the leading slash. */
export type MethodName = keyof Methods;

/** What a call takes. */
export type RequestOf<M extends MethodName> = Methods[M]['request'];

/** What a call answers. */
export type ResponseOf<M extends MethodName> = Methods[M]['response'];

/** The same by its former name. */
export type CallName = MethodName;
