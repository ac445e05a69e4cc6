import type {
  Details,
  Empty,
  ListDetails,
  ListQuery,
  MetadataEntry,
  MetadataSearchFilter,
  PaginationRequest,
  TextQueryMethod,
} from './common.ts';

/** @see proto/zitadel/org/v2/org.proto */
export type OrganizationState =
  | 'ORGANIZATION_STATE_UNSPECIFIED'
  | 'ORGANIZATION_STATE_ACTIVE'
  | 'ORGANIZATION_STATE_INACTIVE'
  | 'ORGANIZATION_STATE_REMOVED';

export type OrganizationFieldName =
  | 'ORGANIZATION_FIELD_NAME_UNSPECIFIED'
  | 'ORGANIZATION_FIELD_NAME_NAME'
  | 'ORGANIZATION_FIELD_NAME_CREATION_DATE';

export interface Organization {
  id?: string;
  details?: Details;
  state?: OrganizationState;
  name?: string;
  primaryDomain?: string;
}

/** Exactly one field is set. */
export interface OrganizationSearchQuery {
  nameQuery?: { name?: string; method?: TextQueryMethod };
  domainQuery?: { domain?: string; method?: TextQueryMethod };
  stateQuery?: { state?: OrganizationState };
  idQuery?: { id?: string };
  defaultQuery?: Empty;
}

/** An administrator of the new organization; without roles it becomes ORG_OWNER. */
export interface OrganizationAdmin {
  userId: string;
  roles?: readonly string[];
}

export interface AddOrganizationRequest {
  name: string;
  admins?: readonly OrganizationAdmin[];
  organizationId?: string;
}

export interface AddOrganizationResponse {
  details?: Details;
  organizationId?: string;
  createdAdmins?: readonly { userId?: string; emailCode?: string; phoneCode?: string }[];
}

export interface ListOrganizationsRequest {
  query?: ListQuery;
  sortingColumn?: OrganizationFieldName;
  queries?: readonly OrganizationSearchQuery[];
}

export interface ListOrganizationsResponse {
  details?: ListDetails;
  sortingColumn?: OrganizationFieldName;
  result?: readonly Organization[];
}

/** Names one organization. */
export interface OrganizationIdRequest {
  organizationId: string;
}

export interface UpdateOrganizationRequest {
  organizationId: string;
  name: string;
}

export interface SetOrganizationMetadataRequest {
  organizationId: string;
  metadata: readonly MetadataEntry[];
}

export interface ListOrganizationMetadataRequest {
  organizationId: string;
  pagination?: PaginationRequest;
  filters?: readonly MetadataSearchFilter[];
}

export interface DeleteOrganizationMetadataRequest {
  organizationId: string;
  keys: readonly string[];
}
