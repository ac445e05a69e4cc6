/**
 * The REST gateway's paths for the emulated services, as the `google.api.http` options of the protos give them
 * (proto/zitadel/{user,session,org}/v2/*_service.proto, proto/zitadel/admin.proto). v2 project, application,
 * authorization, internal_permission and instance have none.
 */
export const restRoutes: readonly (readonly [method: string, path: string, rpc: string])[] = [
  ...of('zitadel.user.v2.UserService', [
    ['POST', '/v2/users/new', 'CreateUser'],
    ['POST', '/v2/users/human', 'AddHumanUser'],
    ['GET', '/v2/users/{userId}', 'GetUserByID'],
    ['POST', '/v2/users', 'ListUsers'],
    ['PATCH', '/v2/users/{userId}', 'UpdateUser'],
    ['DELETE', '/v2/users/{userId}', 'DeleteUser'],
    ['POST', '/v2/users/{userId}/deactivate', 'DeactivateUser'],
    ['POST', '/v2/users/{userId}/reactivate', 'ReactivateUser'],
    ['POST', '/v2/users/{userId}/lock', 'LockUser'],
    ['POST', '/v2/users/{userId}/unlock', 'UnlockUser'],
    ['POST', '/v2/users/{userId}/email', 'SetEmail'],
    ['POST', '/v2/users/{userId}/email/send', 'SendEmailCode'],
    ['POST', '/v2/users/{userId}/email/resend', 'ResendEmailCode'],
    ['POST', '/v2/users/{userId}/email/verify', 'VerifyEmail'],
    ['POST', '/v2/users/{userId}/password', 'SetPassword'],
    ['POST', '/v2/users/{userId}/password_reset', 'PasswordReset'],
    ['POST', '/v2/users/{userId}/invite_code', 'CreateInviteCode'],
    ['POST', '/v2/users/{userId}/invite_code/verify', 'VerifyInviteCode'],
    ['POST', '/v2/users/{userId}/keys', 'AddKey'],
    ['DELETE', '/v2/users/{userId}/keys/{keyId}', 'RemoveKey'],
    ['POST', '/v2/users/keys/search', 'ListKeys'],
    ['POST', '/v2/users/{userId}/secret', 'AddSecret'],
    ['DELETE', '/v2/users/{userId}/secret', 'RemoveSecret'],
    ['POST', '/v2/users/{userId}/pats', 'AddPersonalAccessToken'],
    ['DELETE', '/v2/users/{userId}/pats/{tokenId}', 'RemovePersonalAccessToken'],
    ['POST', '/v2/users/pats/search', 'ListPersonalAccessTokens'],
    ['POST', '/v2/users/{userId}/links/_search', 'ListIDPLinks'],
    ['GET', '/v2/users/{userId}/authentication_methods', 'ListAuthenticationMethodTypes'],
    ['POST', '/v2/users/{userId}/metadata', 'SetUserMetadata'],
    ['POST', '/v2/users/{userId}/metadata/search', 'ListUserMetadata'],
    ['DELETE', '/v2/users/{userId}/metadata', 'DeleteUserMetadata'],
  ]),
  ...of('zitadel.session.v2.SessionService', [
    ['POST', '/v2/sessions', 'CreateSession'],
    ['POST', '/v2/sessions/search', 'ListSessions'],
    ['GET', '/v2/sessions/{sessionId}', 'GetSession'],
    ['PATCH', '/v2/sessions/{sessionId}', 'SetSession'],
    ['DELETE', '/v2/sessions/{sessionId}', 'DeleteSession'],
  ]),
  ...of('zitadel.org.v2.OrganizationService', [
    ['POST', '/v2/organizations', 'AddOrganization'],
    ['POST', '/v2/organizations/_search', 'ListOrganizations'],
    ['POST', '/v2/organizations/{organizationId}', 'UpdateOrganization'],
    ['DELETE', '/v2/organizations/{organizationId}', 'DeleteOrganization'],
    ['POST', '/v2/organizations/{organizationId}/deactivate', 'DeactivateOrganization'],
    ['POST', '/v2/organizations/{organizationId}/activate', 'ActivateOrganization'],
    ['POST', '/v2/organizations/{organizationId}/metadata', 'SetOrganizationMetadata'],
    ['POST', '/v2/organizations/{organizationId}/metadata/search', 'ListOrganizationMetadata'],
    ['DELETE', '/v2/organizations/{organizationId}/metadata', 'DeleteOrganizationMetadata'],
    ['POST', '/v2/organizations/{organizationId}/domains', 'AddOrganizationDomain'],
    ['POST', '/v2/organizations/{organizationId}/domains/search', 'ListOrganizationDomains'],
    ['DELETE', '/v2/organizations/{organizationId}/domains', 'DeleteOrganizationDomain'],
    [
      'POST',
      '/v2/organizations/{organizationId}/domains/validation/generate',
      'GenerateOrganizationDomainValidation',
    ],
    ['POST', '/v2/organizations/{organizationId}/domains/validation/verify', 'VerifyOrganizationDomain'],
  ]),
  ...of('zitadel.oidc.v2.OIDCService', [
    ['GET', '/v2/oidc/device_authorization/{userCode}', 'GetDeviceAuthorizationRequest'],
    ['POST', '/v2/oidc/device_authorization/{deviceAuthorizationId}', 'AuthorizeOrDenyDeviceAuthorization'],
  ]),
  ['POST', '/admin/v1/events/_search', 'zitadel.admin.v1.AdminService/ListEvents'],
];

function of(
  service: string,
  routes: readonly (readonly [method: string, path: string, rpc: string])[],
): readonly (readonly [method: string, path: string, rpc: string])[] {
  return routes.map(([method, path, rpc]) => [method, path, `${service}/${rpc}`] as const);
}
