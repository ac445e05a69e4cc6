import type {
  IdFilter,
  InIdsFilter,
  PaginationRequest,
  PaginationResponse,
  TextFilterMethod,
  Timestamp,
} from './common.ts';

/** @see proto/zitadel/authorization/v2/authorization.proto */
export type AuthorizationState = 'STATE_UNSPECIFIED' | 'STATE_ACTIVE' | 'STATE_INACTIVE';

/** What a list can be sorted by. */
export type AuthorizationFieldName =
  | 'AUTHORIZATION_FIELD_NAME_UNSPECIFIED'
  | 'AUTHORIZATION_FIELD_NAME_CREATED_DATE'
  | 'AUTHORIZATION_FIELD_NAME_CHANGED_DATE'
  | 'AUTHORIZATION_FIELD_NAME_ID'
  | 'AUTHORIZATION_FIELD_NAME_USER_ID'
  | 'AUTHORIZATION_FIELD_NAME_PROJECT_ID'
  | 'AUTHORIZATION_FIELD_NAME_ORGANIZATION_ID'
  | 'AUTHORIZATION_FIELD_NAME_USER_ORGANIZATION_ID';

/** A user's roles in a project, given within one organization. */
export interface Authorization {
  id?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  project?: { id?: string; name?: string; organizationId?: string };
  organization?: { id?: string; name?: string };
  user?: {
    id?: string;
    preferredLoginName?: string;
    displayName?: string;
    avatarUrl?: string;
    organizationId?: string;
  };
  state?: AuthorizationState;
  roles?: readonly AuthorizationRole[];
}

/** One role of an authorization. */
export interface AuthorizationRole {
  key?: string;
  displayName?: string;
  group?: string;
}

/** Exactly one field is set. */
export interface AuthorizationSearchFilter {
  authorizationIds?: InIdsFilter;
  organizationId?: IdFilter;
  state?: { state?: AuthorizationState };
  inUserIds?: InIdsFilter;
  userOrganizationId?: IdFilter;
  userPreferredLoginName?: { loginName?: string; method?: TextFilterMethod };
  userDisplayName?: { displayName?: string; method?: TextFilterMethod };
  projectId?: IdFilter;
  projectName?: { name?: string; method?: TextFilterMethod };
  roleKey?: { key?: string; method?: TextFilterMethod };
  projectGrantId?: IdFilter;
}

/** What ListAuthorizations takes. */
export interface ListAuthorizationsRequest {
  pagination?: PaginationRequest;
  sortingColumn?: AuthorizationFieldName;
  filters?: readonly AuthorizationSearchFilter[];
}

/** What ListAuthorizations answers. */
export interface ListAuthorizationsResponse {
  pagination?: PaginationResponse;
  authorizations?: readonly Authorization[];
}

/** What CreateAuthorization takes. */
export interface CreateAuthorizationRequest {
  userId: string;
  projectId: string;
  organizationId: string;
  roleKeys?: readonly string[];
}

/** What CreateAuthorization answers. */
export interface CreateAuthorizationResponse {
  id?: string;
  creationDate?: Timestamp;
}

/** The keys replace the former set. */
export interface UpdateAuthorizationRequest {
  id: string;
  roleKeys?: readonly string[];
}

/** Names one authorization. */
export interface AuthorizationIdRequest {
  id: string;
}
