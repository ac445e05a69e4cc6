import type {
  ActionMethods,
  IdpMethods,
  MethodName,
  OidcMethods,
  RequestOf,
  UserCredentialMethods,
} from '../../src/index.ts';

const time = '2027-01-01T00:00:00Z';
const page = { offset: '10', limit: 100, asc: true } as const;
const id = { userId: '7' } as const;
const app = { projectId: '5', applicationId: '6' } as const;
const code = { ...id, verificationCode: 'ABC123' } as const;
const after = { timestamp: time, method: 'TIMESTAMP_FILTER_METHOD_AFTER_OR_EQUALS' } as const;
const starts = { method: 'TEXT_FILTER_METHOD_STARTS_WITH_IGNORE_CASE' } as const;
const targetKey = { targetId: '8', keyId: '9' } as const;
const method = '/zitadel.user.v2.UserService/CreateUser';

type LifeOfApplications = Extract<
  MethodName,
  `zitadel.application.v2.ApplicationService/${'Get' | 'Update' | 'Delete' | 'Deactivate' | 'Reactivate'}${string}`
>;
type More =
  | keyof (UserCredentialMethods & OidcMethods & ActionMethods & IdpMethods)
  | LifeOfApplications
  | 'zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator';

/** The second half of the samples: applications' life, actions, identity providers, devices, tokens and codes. */
export const moreSamples: { readonly [M in More]: readonly RequestOf<M>[] } = {
  'zitadel.user.v2.UserService/RemoveSecret': [id],
  'zitadel.user.v2.UserService/RemovePersonalAccessToken': [{ ...id, tokenId: '9' }],
  'zitadel.user.v2.UserService/ListPersonalAccessTokens': [
    {
      pagination: page,
      sortingColumn: 'PERSONAL_ACCESS_TOKEN_FIELD_NAME_CREATED_DATE',
      filters: [
        { tokenIdFilter: { id: '9' } },
        { userIdFilter: { id: '7' } },
        { organizationIdFilter: { id: '3' } },
        { createdDateFilter: after },
        { expirationDateFilter: after },
      ],
    },
  ],
  'zitadel.user.v2.UserService/VerifyEmail': [code],
  'zitadel.user.v2.UserService/VerifyPhone': [code],
  'zitadel.user.v2.UserService/VerifyInviteCode': [code],
  'zitadel.user.v2.UserService/ResendPhoneCode': [
    { ...id, sendCode: {} },
    { ...id, returnCode: {} },
  ],
  'zitadel.user.v2.UserService/ListIDPLinks': [{ ...id, query: page }],
  'zitadel.user.v2.UserService/AddIDPLink': [
    { ...id, idpLink: { idpId: '1', userId: 'x', userName: 'ada@x' } },
  ],
  'zitadel.user.v2.UserService/RemoveIDPLink': [{ ...id, idpId: '1', linkedUserId: 'x' }],
  'zitadel.idp.v2.IdentityProviderService/GetIDPByID': [{ id: '1' }],
  'zitadel.oidc.v2.OIDCService/GetDeviceAuthorizationRequest': [{ userCode: 'BCDF-GHJK' }],
  'zitadel.oidc.v2.OIDCService/AuthorizeOrDenyDeviceAuthorization': [
    { deviceAuthorizationId: '1', session: { sessionId: '2', sessionToken: 't' } },
    { deviceAuthorizationId: '1', deny: {} },
  ],
  'zitadel.internal_permission.v2.InternalPermissionService/UpdateAdministrator': [
    { ...id, resource: { instance: true }, roles: ['IAM_OWNER'] },
    { ...id, resource: { projectGrant: { projectId: '5', organizationId: '3' } }, roles: [] },
  ],
  'zitadel.application.v2.ApplicationService/GetApplication': [{ applicationId: '6' }],
  'zitadel.application.v2.ApplicationService/UpdateApplication': [
    {
      ...app,
      name: 'n',
      oidcConfiguration: {
        redirectUris: ['https://x/cb'],
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: ['OIDC_GRANT_TYPE_REFRESH_TOKEN', 'OIDC_GRANT_TYPE_DEVICE_CODE'],
        applicationType: 'OIDC_APP_TYPE_NATIVE',
        authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
        postLogoutRedirectUris: ['https://x/out'],
        developmentMode: true,
        accessTokenType: 'OIDC_TOKEN_TYPE_JWT',
        accessTokenRoleAssertion: true,
        idTokenRoleAssertion: true,
        idTokenUserinfoAssertion: true,
      },
    },
    { ...app, apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' } },
  ],
  'zitadel.application.v2.ApplicationService/DeleteApplication': [app],
  'zitadel.application.v2.ApplicationService/DeactivateApplication': [app],
  'zitadel.application.v2.ApplicationService/ReactivateApplication': [app],
  'zitadel.application.v2.ApplicationService/DeleteApplicationKey': [{ ...app, keyId: '9' }],
  'zitadel.application.v2.ApplicationService/ListApplicationKeys': [
    {
      pagination: page,
      sortingColumn: 'APPLICATION_KEYS_SORT_BY_CREATION_DATE',
      filters: [
        { applicationIdFilter: { applicationId: '6' } },
        { projectIdFilter: { projectId: '5' } },
        { organizationIdFilter: { organizationId: '3' } },
      ],
    },
  ],
  'zitadel.action.v2.ActionService/CreateTarget': [
    {
      name: 'n',
      endpoint: 'https://x',
      timeout: '10s',
      restWebhook: { interruptOnError: true },
      payloadType: 'PAYLOAD_TYPE_JWT',
    },
    { name: 'n', endpoint: 'https://x', timeout: '1.500s', restCall: { interruptOnError: true } },
    { name: 'n', endpoint: 'https://x', timeout: '10s', restAsync: {} },
  ],
  'zitadel.action.v2.ActionService/UpdateTarget': [
    {
      id: '8',
      name: 'n',
      endpoint: 'https://x',
      timeout: '10s',
      restCall: { interruptOnError: true },
      payloadType: 'PAYLOAD_TYPE_JWE',
    },
    { id: '8', expirationSigningKey: '0s' },
  ],
  'zitadel.action.v2.ActionService/DeleteTarget': [{ id: '8' }],
  'zitadel.action.v2.ActionService/GetTarget': [{ id: '8' }],
  'zitadel.action.v2.ActionService/ListTargets': [
    {
      pagination: page,
      sortingColumn: 'TARGET_FIELD_NAME_CREATED_DATE',
      filters: [
        { targetNameFilter: { targetName: 'n', ...starts } },
        { inTargetIdsFilter: { targetIds: ['8'] } },
      ],
    },
  ],
  'zitadel.action.v2.ActionService/SetExecution': [
    { condition: { request: { method } }, targets: ['8'] },
    { condition: { response: { service: 'zitadel.user.v2.UserService' } }, targets: ['8'] },
    { condition: { request: { all: true } }, targets: ['8', '9'] },
    { condition: { function: { name: 'preaccesstoken' } }, targets: ['8'] },
    { condition: { event: { event: 'user.removed' } }, targets: [] },
    { condition: { event: { group: 'user.human' } }, targets: ['8'] },
    { condition: { event: { all: true } }, targets: ['8'] },
  ],
  'zitadel.action.v2.ActionService/ListExecutions': [
    {
      pagination: page,
      sortingColumn: 'EXECUTION_FIELD_NAME_CREATED_DATE',
      filters: [
        { inConditionsFilter: { conditions: [{ event: { event: 'user.removed' } }] } },
        { executionTypeFilter: { executionType: 'EXECUTION_TYPE_EVENT' } },
        { targetFilter: { targetId: '8' } },
      ],
    },
  ],
  'zitadel.action.v2.ActionService/AddPublicKey': [
    { targetId: '8', publicKey: Buffer.from('pem').toString('base64'), expirationDate: time },
  ],
  'zitadel.action.v2.ActionService/ActivatePublicKey': [targetKey],
  'zitadel.action.v2.ActionService/DeactivatePublicKey': [targetKey],
  'zitadel.action.v2.ActionService/RemovePublicKey': [targetKey],
  'zitadel.action.v2.ActionService/ListPublicKeys': [
    {
      targetId: '8',
      pagination: page,
      sortingColumn: 'PUBLIC_KEY_FIELD_NAME_CREATION_DATE',
      filters: [{ keyIdsFilter: { ids: ['9'] } }, { activeFilter: true }, { expirationDateFilter: after }],
    },
  ],
};
