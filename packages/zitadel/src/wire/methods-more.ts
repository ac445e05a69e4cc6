import type * as action from './action.ts';
import type * as application from './application.ts';
import type * as common from './common.ts';
import type * as idp from './idp.ts';
import type { Call } from './methods.ts';
import type * as oidc from './oidc.ts';
import type * as user from './user.ts';
import type * as credentials from './user-credentials.ts';

/** What users prove themselves with, beyond keys. */
export interface UserCredentialMethods {
  'zitadel.user.v2.UserService/RemoveSecret': Call<user.UserIdRequest, common.DeletionDateResponse>;
  'zitadel.user.v2.UserService/RemovePersonalAccessToken': Call<
    credentials.RemovePersonalAccessTokenRequest,
    common.DeletionDateResponse
  >;
  'zitadel.user.v2.UserService/ListPersonalAccessTokens': Call<
    credentials.ListPersonalAccessTokensRequest,
    credentials.ListPersonalAccessTokensResponse
  >;
  'zitadel.user.v2.UserService/VerifyEmail': Call<credentials.VerifyCodeRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/VerifyInviteCode': Call<
    credentials.VerifyCodeRequest,
    user.UserDetailsResponse
  >;
  'zitadel.user.v2.UserService/ListIDPLinks': Call<idp.ListIdpLinksRequest, idp.ListIdpLinksResponse>;
}

/** Decisions about devices that wait for a sign-in. */
export interface OidcMethods {
  'zitadel.oidc.v2.OIDCService/GetDeviceAuthorizationRequest': Call<
    oidc.GetDeviceAuthorizationRequestRequest,
    oidc.GetDeviceAuthorizationRequestResponse
  >;
  'zitadel.oidc.v2.OIDCService/AuthorizeOrDenyDeviceAuthorization': Call<
    oidc.AuthorizeOrDenyDeviceAuthorizationRequest,
    common.Empty
  >;
}

/** Targets, their keys and executions. */
export interface ActionMethods {
  'zitadel.action.v2.ActionService/CreateTarget': Call<
    action.CreateTargetRequest,
    action.CreateTargetResponse
  >;
  'zitadel.action.v2.ActionService/UpdateTarget': Call<
    action.UpdateTargetRequest,
    action.UpdateTargetResponse
  >;
  'zitadel.action.v2.ActionService/DeleteTarget': Call<action.TargetIdRequest, common.DeletionDateResponse>;
  'zitadel.action.v2.ActionService/GetTarget': Call<action.TargetIdRequest, action.GetTargetResponse>;
  'zitadel.action.v2.ActionService/ListTargets': Call<action.ListTargetsRequest, action.ListTargetsResponse>;
  'zitadel.action.v2.ActionService/SetExecution': Call<action.SetExecutionRequest, common.SetDateResponse>;
  'zitadel.action.v2.ActionService/ListExecutions': Call<
    action.ListExecutionsRequest,
    action.ListExecutionsResponse
  >;
  'zitadel.action.v2.ActionService/AddPublicKey': Call<
    action.AddPublicKeyRequest,
    action.AddPublicKeyResponse
  >;
  'zitadel.action.v2.ActionService/ActivatePublicKey': Call<
    action.PublicKeyIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.action.v2.ActionService/DeactivatePublicKey': Call<
    action.PublicKeyIdRequest,
    common.ChangeDateResponse
  >;
  'zitadel.action.v2.ActionService/RemovePublicKey': Call<
    action.PublicKeyIdRequest,
    common.DeletionDateResponse
  >;
  'zitadel.action.v2.ActionService/ListPublicKeys': Call<
    action.ListPublicKeysRequest,
    action.ListPublicKeysResponse
  >;
}

/** Identity providers and the links to them, phones, and the list of applications' keys. */
export interface IdpMethods {
  'zitadel.idp.v2.IdentityProviderService/GetIDPByID': Call<{ id: string }, idp.GetIdpByIdResponse>;
  'zitadel.user.v2.UserService/AddIDPLink': Call<idp.AddIdpLinkRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/RemoveIDPLink': Call<idp.RemoveIdpLinkRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/VerifyPhone': Call<credentials.VerifyCodeRequest, user.UserDetailsResponse>;
  'zitadel.user.v2.UserService/ResendPhoneCode': Call<
    credentials.PhoneCodeRequest,
    credentials.EmailCodeResponse
  >;
  'zitadel.application.v2.ApplicationService/ListApplicationKeys': Call<
    application.ListApplicationKeysRequest,
    application.ListApplicationKeysResponse
  >;
}
