import type { MethodName, RequestOf } from '../../src/index.ts';

import { moreSamples } from './samples-more.ts';

const bytes = Buffer.from('value').toString('base64');
const time = '2027-01-01T00:00:00Z';
const page = { offset: '10', limit: 100, asc: true } as const;
const text = { method: 'TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE' } as const;
const filterText = { method: 'TEXT_FILTER_METHOD_STARTS_WITH_IGNORE_CASE' } as const;
const after = { timestamp: time, method: 'TIMESTAMP_FILTER_METHOD_AFTER_OR_EQUALS' } as const;
const profile = {
  givenName: 'Ada',
  familyName: 'L',
  nickName: 'a',
  displayName: 'Ada L',
  preferredLanguage: 'en',
  gender: 'GENDER_FEMALE',
} as const;
const id = { userId: '7' } as const;
const project = { projectId: '5' } as const;
const organization = { organizationId: '3' } as const;
const grant = { projectId: '5', grantedOrganizationId: '4' } as const;

/** Requests that use every field we know of each call; the type keeps the table complete. */
export const samples: { readonly [M in MethodName]: readonly RequestOf<M>[] } = {
  'zitadel.user.v2.UserService/CreateUser': [
    {
      ...organization,
      userId: '7',
      username: 'ada',
      human: {
        profile,
        email: { email: 'a@acme.example', sendCode: { urlTemplate: 'https://x/{{.Code}}' } },
        phone: { phone: '+41791234567', isVerified: true },
        password: { password: 'p', changeRequired: true },
        idpLinks: [{ idpId: '1', userId: '2', userName: 'n' }],
        totpSecret: 's',
      },
    },
    {
      ...organization,
      human: {
        profile,
        email: { email: 'a@acme.example', returnCode: {} },
        phone: { phone: '+41791234567', sendCode: {} },
        hashedPassword: { hash: 'h', changeRequired: true },
      },
    },
    { ...organization, human: { profile, email: { email: 'a@acme.example', isVerified: false } } },
    {
      ...organization,
      machine: { name: 'n', description: 'd', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
      metadata: [{ key: 'drawbridge.ref', value: bytes }],
    },
  ],
  'zitadel.user.v2.UserService/GetUserByID': [id],
  'zitadel.user.v2.UserService/ListUsers': [
    {
      query: page,
      sortingColumn: 'USER_FIELD_NAME_CREATION_DATE',
      queries: [
        { userNameQuery: { userName: 'a', ...text } },
        { firstNameQuery: { firstName: 'a', ...text } },
        { lastNameQuery: { lastName: 'a', ...text } },
        { nickNameQuery: { nickName: 'a', ...text } },
        { displayNameQuery: { displayName: 'a', ...text } },
        { emailQuery: { emailAddress: 'a', ...text } },
        { stateQuery: { state: 'USER_STATE_LOCKED' } },
        { typeQuery: { type: 'TYPE_MACHINE' } },
        { loginNameQuery: { loginName: 'a', ...text } },
        { inUserIdsQuery: { userIds: ['1', '2'] } },
        { orQuery: { queries: [{ notQuery: { query: { stateQuery: { state: 'USER_STATE_ACTIVE' } } } }] } },
        { andQuery: { queries: [{ organizationIdQuery: organization }] } },
        { inUserEmailsQuery: { userEmails: ['a@b'] } },
        { phoneQuery: { number: '1', ...text } },
      ],
    },
    {
      queries: [
        { metadataKeyFilter: { key: 'k', ...filterText } },
        { metadataValueFilter: { value: bytes, method: 'BYTE_FILTER_METHOD_NOT_EQUALS' } },
      ],
    },
  ],
  'zitadel.user.v2.UserService/UpdateUser': [
    {
      ...id,
      username: 'b',
      human: {
        profile,
        email: { email: 'b@acme.example', returnCode: {} },
        phone: { phone: '+41791234567', returnCode: {} },
        password: { password: { password: 'p' }, currentPassword: 'o' },
      },
    },
    { ...id, human: { password: { hashedPassword: { hash: 'h' }, verificationCode: 'v' } } },
    { ...id, machine: { name: 'n', description: '', accessTokenType: 'ACCESS_TOKEN_TYPE_BEARER' } },
    { ...id, metadata: [{ key: 'k', value: bytes }] },
  ],
  'zitadel.user.v2.UserService/DeleteUser': [id],
  'zitadel.user.v2.UserService/DeactivateUser': [id],
  'zitadel.user.v2.UserService/ReactivateUser': [id],
  'zitadel.user.v2.UserService/LockUser': [id],
  'zitadel.user.v2.UserService/UnlockUser': [id],
  'zitadel.user.v2.UserService/SetUserMetadata': [{ ...id, metadata: [{ key: 'k', value: bytes }] }],
  'zitadel.user.v2.UserService/ListUserMetadata': [
    { ...id, pagination: page, filters: [{ keyFilter: { key: 'k', ...filterText } }] },
  ],
  'zitadel.user.v2.UserService/DeleteUserMetadata': [{ ...id, keys: ['k'] }],
  'zitadel.user.v2.UserService/AddKey': [{ ...id, expirationDate: time, publicKey: bytes }],
  'zitadel.user.v2.UserService/RemoveKey': [{ ...id, keyId: '9' }],
  'zitadel.user.v2.UserService/ListKeys': [
    {
      pagination: page,
      sortingColumn: 'KEY_FIELD_NAME_CREATED_DATE',
      filters: [
        { keyIdFilter: { id: '9' } },
        { userIdFilter: { id: '7' } },
        { organizationIdFilter: { id: '3' } },
        { createdDateFilter: after },
        { expirationDateFilter: after },
      ],
    },
  ],
  'zitadel.user.v2.UserService/AddSecret': [id],
  'zitadel.user.v2.UserService/AddPersonalAccessToken': [{ ...id, expirationDate: time }],
  'zitadel.user.v2.UserService/SendEmailCode': [
    { ...id, sendCode: { urlTemplate: 't' } },
    { ...id, returnCode: {} },
  ],
  'zitadel.user.v2.UserService/ResendEmailCode': [
    { ...id, sendCode: {} },
    { ...id, returnCode: {} },
  ],
  'zitadel.user.v2.UserService/CreateInviteCode': [
    { ...id, sendCode: { urlTemplate: 't', applicationName: 'a' } },
    { ...id, returnCode: {} },
  ],
  'zitadel.org.v2.OrganizationService/AddOrganization': [
    { name: 'acme', admins: [{ userId: '7', roles: ['ORG_OWNER'] }] },
    { name: 'acme', ...organization },
  ],
  'zitadel.org.v2.OrganizationService/ListOrganizations': [
    {
      query: page,
      sortingColumn: 'ORGANIZATION_FIELD_NAME_CREATION_DATE',
      queries: [
        { nameQuery: { name: 'a', ...text } },
        { domainQuery: { domain: 'a', ...text } },
        { stateQuery: { state: 'ORGANIZATION_STATE_INACTIVE' } },
        { idQuery: { id: '3' } },
        { defaultQuery: {} },
      ],
    },
  ],
  'zitadel.org.v2.OrganizationService/UpdateOrganization': [{ ...organization, name: 'b' }],
  'zitadel.org.v2.OrganizationService/DeactivateOrganization': [organization],
  'zitadel.org.v2.OrganizationService/ActivateOrganization': [organization],
  'zitadel.org.v2.OrganizationService/DeleteOrganization': [organization],
  'zitadel.org.v2.OrganizationService/SetOrganizationMetadata': [
    { ...organization, metadata: [{ key: 'k', value: bytes }] },
  ],
  'zitadel.org.v2.OrganizationService/ListOrganizationMetadata': [
    { ...organization, pagination: page, filters: [{ keyFilter: { key: 'k', ...filterText } }] },
  ],
  'zitadel.org.v2.OrganizationService/DeleteOrganizationMetadata': [{ ...organization, keys: ['k'] }],
  'zitadel.project.v2.ProjectService/CreateProject': [
    {
      ...organization,
      ...project,
      name: 'p',
      projectRoleAssertion: true,
      authorizationRequired: true,
      projectAccessRequired: true,
      privateLabelingSetting: 'PRIVATE_LABELING_SETTING_ALLOW_LOGIN_USER_RESOURCE_OWNER_POLICY',
    },
  ],
  'zitadel.project.v2.ProjectService/GetProject': [project],
  'zitadel.project.v2.ProjectService/ListProjects': [
    {
      pagination: page,
      sortingColumn: 'PROJECT_FIELD_NAME_CREATION_DATE',
      filters: [
        { projectNameFilter: { projectName: 'p', ...filterText } },
        { inProjectIdsFilter: { ids: ['5'] } },
        { organizationIdFilter: { ...organization, type: 'OWNED' } },
      ],
    },
  ],
  'zitadel.project.v2.ProjectService/UpdateProject': [
    {
      ...project,
      name: 'q',
      projectRoleAssertion: false,
      authorizationRequired: true,
      projectAccessRequired: true,
      privateLabelingSetting: 'PRIVATE_LABELING_SETTING_UNSPECIFIED',
    },
  ],
  'zitadel.project.v2.ProjectService/DeleteProject': [project],
  'zitadel.project.v2.ProjectService/DeactivateProject': [project],
  'zitadel.project.v2.ProjectService/ActivateProject': [project],
  'zitadel.project.v2.ProjectService/AddProjectRole': [
    { ...project, roleKey: 'admin', displayName: 'Admin', group: 'g' },
  ],
  'zitadel.project.v2.ProjectService/UpdateProjectRole': [
    { ...project, roleKey: 'admin', displayName: 'Admin', group: 'g' },
  ],
  'zitadel.project.v2.ProjectService/ListProjectRoles': [
    {
      ...project,
      pagination: page,
      sortingColumn: 'PROJECT_ROLE_FIELD_NAME_CREATION_DATE',
      filters: [
        { roleKeyFilter: { key: 'a', ...filterText } },
        { displayNameFilter: { displayName: 'a', ...filterText } },
      ],
    },
  ],
  'zitadel.project.v2.ProjectService/RemoveProjectRole': [{ ...project, roleKey: 'admin' }],
  'zitadel.project.v2.ProjectService/CreateProjectGrant': [{ ...grant, roleKeys: ['admin'] }],
  'zitadel.project.v2.ProjectService/UpdateProjectGrant': [{ ...grant, roleKeys: ['admin', 'user'] }],
  'zitadel.project.v2.ProjectService/ListProjectGrants': [
    {
      pagination: page,
      sortingColumn: 'PROJECT_GRANT_FIELD_NAME_CREATION_DATE',
      filters: [
        { projectNameFilter: { projectName: 'p', ...filterText } },
        { roleKeyFilter: { key: 'a', ...filterText } },
        { inProjectIdsFilter: { ids: ['5'] } },
        { organizationIdFilter: { id: '3' } },
        { grantedOrganizationIdFilter: { id: '4' } },
      ],
    },
  ],
  'zitadel.project.v2.ProjectService/DeleteProjectGrant': [grant],
  'zitadel.project.v2.ProjectService/ActivateProjectGrant': [grant],
  'zitadel.project.v2.ProjectService/DeactivateProjectGrant': [grant],
  'zitadel.authorization.v2.AuthorizationService/CreateAuthorization': [
    { ...id, ...project, ...organization, roleKeys: ['admin'] },
  ],
  'zitadel.authorization.v2.AuthorizationService/UpdateAuthorization': [{ id: '9', roleKeys: ['admin'] }],
  'zitadel.authorization.v2.AuthorizationService/ActivateAuthorization': [{ id: '9' }],
  'zitadel.authorization.v2.AuthorizationService/DeactivateAuthorization': [{ id: '9' }],
  'zitadel.authorization.v2.AuthorizationService/DeleteAuthorization': [{ id: '9' }],
  'zitadel.authorization.v2.AuthorizationService/ListAuthorizations': [
    {
      pagination: page,
      sortingColumn: 'AUTHORIZATION_FIELD_NAME_CREATED_DATE',
      filters: [
        { authorizationIds: { ids: ['9'] } },
        { organizationId: { id: '3' } },
        { state: { state: 'STATE_INACTIVE' } },
        { inUserIds: { ids: ['7'] } },
        { userOrganizationId: { id: '3' } },
        { userPreferredLoginName: { loginName: 'a', ...filterText } },
        { userDisplayName: { displayName: 'a', ...filterText } },
        { projectId: { id: '5' } },
        { projectName: { name: 'p', ...filterText } },
        { roleKey: { key: 'admin', ...filterText } },
        { projectGrantId: { id: '4' } },
      ],
    },
  ],
  'zitadel.session.v2.SessionService/CreateSession': [
    {
      checks: {
        user: { userId: '7' },
        password: { password: 'p' },
        webAuthN: { credentialAssertionData: { a: [1] } },
        idpIntent: { idpIntentId: 'i', idpIntentToken: 't' },
        totp: { code: '1' },
        otpSms: { code: '1' },
        otpEmail: { code: '1' },
      },
      metadata: { k: bytes },
      challenges: {
        webAuthN: {
          domain: 'd',
          userVerificationRequirement: 'USER_VERIFICATION_REQUIREMENT_REQUIRED',
        },
        otpSms: { returnCode: true },
        otpEmail: { sendCode: { urlTemplate: 't' } },
      },
      userAgent: { fingerprintId: 'f', ip: '::1', description: 'd', header: { ua: { values: ['x'] } } },
      lifetime: '3600s',
    },
    { checks: { user: { loginName: 'ada' }, recoveryCode: { code: '1' } } },
  ],
  'zitadel.session.v2.SessionService/GetSession': [{ sessionId: '1', sessionToken: 't' }],
  'zitadel.session.v2.SessionService/ListSessions': [
    {
      query: page,
      sortingColumn: 'SESSION_FIELD_NAME_CREATION_DATE',
      queries: [
        { idsQuery: { ids: ['1'] } },
        { userIdQuery: { id: '7' } },
        { creationDateQuery: { creationDate: time, method: 'TIMESTAMP_QUERY_METHOD_GREATER' } },
        { creatorQuery: {} },
        { userAgentQuery: { fingerprintId: 'f' } },
        { expirationDateQuery: { expirationDate: time, method: 'TIMESTAMP_QUERY_METHOD_LESS_OR_EQUALS' } },
      ],
    },
  ],
  'zitadel.session.v2.SessionService/DeleteSession': [{ sessionId: '1', sessionToken: 't' }],
  'zitadel.application.v2.ApplicationService/CreateApplication': [
    {
      ...project,
      applicationId: '8',
      name: 'console',
      oidcConfiguration: {
        redirectUris: ['https://x/callback'],
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
        applicationType: 'OIDC_APP_TYPE_NATIVE',
        authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
        postLogoutRedirectUris: ['https://x/'],
        developmentMode: true,
        accessTokenType: 'OIDC_TOKEN_TYPE_JWT',
        accessTokenRoleAssertion: true,
        idTokenRoleAssertion: true,
        idTokenUserinfoAssertion: true,
      },
    },
    { ...project, name: 'api', apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' } },
  ],
  'zitadel.application.v2.ApplicationService/ListApplications': [
    {
      pagination: page,
      filters: [
        { projectIdFilter: project },
        { nameFilter: { name: 'api', ...filterText } },
        { clientIdFilter: { clientId: '1' } },
      ],
    },
  ],
  'zitadel.application.v2.ApplicationService/CreateApplicationKey': [
    { ...project, applicationId: '8', expirationDate: time },
  ],
  'zitadel.application.v2.ApplicationService/GenerateClientSecret': [{ ...project, applicationId: '8' }],
  'zitadel.internal_permission.v2.InternalPermissionService/CreateAdministrator': [
    { ...id, resource: { instance: true }, roles: ['IAM_OWNER'] },
    { ...id, resource: organization, roles: ['ORG_OWNER'] },
    { ...id, resource: { projectGrant: { ...project, ...organization } }, roles: ['PROJECT_GRANT_OWNER'] },
  ],
  'zitadel.internal_permission.v2.InternalPermissionService/DeleteAdministrator': [
    { ...id, resource: project },
  ],
  'zitadel.internal_permission.v2.InternalPermissionService/ListAdministrators': [
    {
      pagination: page,
      filters: [
        { inUserIdsFilter: { ids: ['7'] } },
        { resource: organization },
        { role: { roleKey: 'ORG_OWNER' } },
      ],
    },
  ],
  'zitadel.instance.v2.InstanceService/GetInstance': [{ instanceId: '1' }, {}],
  'zitadel.instance.v2.InstanceService/ListCustomDomains': [
    {
      instanceId: '1',
      pagination: page,
      sortingColumn: 'DOMAIN_FIELD_NAME_CREATION_DATE',
      filters: [
        { domainFilter: { domain: 'd', ...text } },
        { generatedFilter: true },
        { primaryFilter: true },
      ],
    },
  ],
  'zitadel.instance.v2.InstanceService/ListTrustedDomains': [
    {
      pagination: page,
      sortingColumn: 'TRUSTED_DOMAIN_FIELD_NAME_CREATION_DATE',
      filters: [{ domainFilter: { domain: 'd', ...text } }],
    },
  ],
  ...moreSamples,
};
