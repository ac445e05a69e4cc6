import type { PaginationRequest, PaginationResponse, TextFilterMethod, Timestamp } from './common.ts';

/** @see proto/zitadel/application/v2/api.proto */
export type ApiAuthMethodType = 'API_AUTH_METHOD_TYPE_BASIC' | 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT';

/** @see proto/zitadel/application/v2/oidc.proto */
export type OidcAuthMethodType =
  | 'OIDC_AUTH_METHOD_TYPE_BASIC'
  | 'OIDC_AUTH_METHOD_TYPE_POST'
  | 'OIDC_AUTH_METHOD_TYPE_NONE'
  | 'OIDC_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT';

/** Grants of an OIDC application; the zero is the authorization code. */
export type OidcGrantType =
  | 'OIDC_GRANT_TYPE_AUTHORIZATION_CODE'
  | 'OIDC_GRANT_TYPE_IMPLICIT'
  | 'OIDC_GRANT_TYPE_REFRESH_TOKEN'
  | 'OIDC_GRANT_TYPE_DEVICE_CODE'
  | 'OIDC_GRANT_TYPE_TOKEN_EXCHANGE';

/** Response types of an OIDC application; the list may not be empty. */
export type OidcResponseType =
  | 'OIDC_RESPONSE_TYPE_CODE'
  | 'OIDC_RESPONSE_TYPE_ID_TOKEN'
  | 'OIDC_RESPONSE_TYPE_ID_TOKEN_TOKEN';

/** Kind of an OIDC application; absent means web. */
export type OidcApplicationType = 'OIDC_APP_TYPE_WEB' | 'OIDC_APP_TYPE_USER_AGENT' | 'OIDC_APP_TYPE_NATIVE';

/** What an OIDC application is created with; absent fields are their proto's zero. */
export interface CreateOidcConfiguration {
  redirectUris?: readonly string[];
  responseTypes?: readonly OidcResponseType[];
  grantTypes?: readonly OidcGrantType[];
  applicationType?: OidcApplicationType;
  authMethodType?: OidcAuthMethodType;
  postLogoutRedirectUris?: readonly string[];
  /** Where Zitadel tells of sessions that ended (OpenID Connect Back-Channel Logout 1.0). */
  backChannelLogoutUri?: string;
  developmentMode?: boolean;
  accessTokenType?: 'OIDC_TOKEN_TYPE_BEARER' | 'OIDC_TOKEN_TYPE_JWT';
  accessTokenRoleAssertion?: boolean;
  idTokenRoleAssertion?: boolean;
  idTokenUserinfoAssertion?: boolean;
}

/** What CreateApplication takes. */
export interface CreateApplicationRequest {
  projectId: string;
  applicationId?: string;
  name: string;
  oidcConfiguration?: CreateOidcConfiguration;
  apiConfiguration?: { authMethodType?: ApiAuthMethodType };
}

/** What CreateApplication answers. */
export interface CreateApplicationResponse {
  applicationId?: string;
  creationDate?: Timestamp;
  oidcConfiguration?: {
    clientId?: string;
    clientSecret?: string;
    nonCompliant?: boolean;
    /** What makes it fall short of OAuth's rules; 4.13.1 gives keys alone. */
    complianceProblems?: readonly { key?: string; localizedMessage?: string }[];
  };
  apiConfiguration?: { clientId?: string; clientSecret?: string };
}

/** What CreateApplicationKey takes. */
export interface CreateApplicationKeyRequest {
  applicationId: string;
  projectId: string;
  /** Absent, it is read as the year 1 and refused. */
  expirationDate: Timestamp;
}

/** What CreateApplicationKey answers. */
export interface CreateApplicationKeyResponse {
  keyId?: string;
  creationDate?: Timestamp;
  /** The key document as JSON, in base64. */
  keyDetails?: string;
}

/** What GenerateClientSecret takes. */
export interface GenerateClientSecretRequest {
  applicationId: string;
  projectId: string;
}

/** What GenerateClientSecret answers. */
export interface GenerateClientSecretResponse {
  clientSecret?: string;
  creationDate?: Timestamp;
}

/** An OIDC application's settings as they are read. */
export interface OidcConfiguration extends CreateOidcConfiguration {
  clientId?: string;
  /** What makes it fall short of OAuth's rules, in words. */
  complianceProblems?: readonly { key?: string; localizedMessage?: string }[];
}

/** An application as it is listed. */
export interface Application {
  applicationId?: string;
  projectId?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  state?: 'APPLICATION_STATE_UNSPECIFIED' | 'APPLICATION_STATE_ACTIVE' | 'APPLICATION_STATE_INACTIVE';
  name?: string;
  oidcConfiguration?: OidcConfiguration;
  apiConfiguration?: { clientId?: string; authMethodType?: ApiAuthMethodType };
}

/** Exactly one field is set. `clientIdFilter` is known since 4.10 or before, but not in 4.7. */
export interface ApplicationSearchFilter {
  projectIdFilter?: { projectId?: string };
  nameFilter?: { name?: string; method?: TextFilterMethod };
  clientIdFilter?: { clientId?: string };
}

/** What ListApplications takes. */
export interface ListApplicationsRequest {
  pagination?: PaginationRequest;
  filters?: readonly ApplicationSearchFilter[];
}

/** What ListApplications answers. */
export interface ListApplicationsResponse {
  pagination?: PaginationResponse;
  applications?: readonly Application[];
}

/** What an OIDC application is changed to; absent fields stay as they are. */
export type UpdateOidcConfiguration = CreateOidcConfiguration;

/** What UpdateApplication takes; absent fields stay as they are, but an absent name does not travel either. */
export interface UpdateApplicationRequest {
  applicationId: string;
  projectId: string;
  name?: string;
  oidcConfiguration?: UpdateOidcConfiguration;
  apiConfiguration?: { authMethodType: ApiAuthMethodType };
}

/** What GetApplication takes: no project, since ids are unique. */
export interface GetApplicationRequest {
  applicationId: string;
}

/** What GetApplication answers. */
export interface GetApplicationResponse {
  application?: Application;
}

/** What DeleteApplication, DeactivateApplication and ReactivateApplication take. */
export interface ApplicationIdRequest {
  applicationId: string;
  projectId: string;
}

/** What DeactivateApplication answers. */
export interface DeactivateApplicationResponse {
  deactivationDate?: Timestamp;
}

/** What ReactivateApplication answers. */
export interface ReactivateApplicationResponse {
  reactivationDate?: Timestamp;
}

/** What DeleteApplicationKey takes. */
export interface DeleteApplicationKeyRequest {
  keyId: string;
  applicationId: string;
  projectId: string;
}

/** An application's key as it is listed. */
export interface ApplicationListedKey {
  keyId?: string;
  applicationId?: string;
  projectId?: string;
  creationDate?: Timestamp;
  organizationId?: string;
  expirationDate?: Timestamp;
}

/** What ListApplicationKeys takes. */
export interface ListApplicationKeysRequest {
  pagination?: PaginationRequest;
  sortingColumn?: 'APPLICATION_KEYS_SORT_BY_ID' | 'APPLICATION_KEYS_SORT_BY_CREATION_DATE';
  /** Exactly one field is set in each. */
  filters?: readonly {
    applicationIdFilter?: { applicationId?: string };
    projectIdFilter?: { projectId?: string };
    organizationIdFilter?: { organizationId?: string };
  }[];
}

/** What ListApplicationKeys answers. */
export interface ListApplicationKeysResponse {
  pagination?: PaginationResponse;
  keys?: readonly ApplicationListedKey[];
}
