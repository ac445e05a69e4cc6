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

/** What a list can be sorted by. */
export type OrganizationFieldName =
  | 'ORGANIZATION_FIELD_NAME_UNSPECIFIED'
  | 'ORGANIZATION_FIELD_NAME_NAME'
  | 'ORGANIZATION_FIELD_NAME_CREATION_DATE';

/** An organization as it is read. */
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

/** What AddOrganization takes. */
export interface AddOrganizationRequest {
  name: string;
  admins?: readonly OrganizationAdmin[];
  organizationId?: string;
}

/** What AddOrganization answers. */
export interface AddOrganizationResponse {
  details?: Details;
  organizationId?: string;
  createdAdmins?: readonly { userId?: string; emailCode?: string; phoneCode?: string }[];
}

/** What ListOrganizations takes. */
export interface ListOrganizationsRequest {
  query?: ListQuery;
  sortingColumn?: OrganizationFieldName;
  queries?: readonly OrganizationSearchQuery[];
}

/** What ListOrganizations answers. */
export interface ListOrganizationsResponse {
  details?: ListDetails;
  sortingColumn?: OrganizationFieldName;
  result?: readonly Organization[];
}

/** Names one organization. */
export interface OrganizationIdRequest {
  organizationId: string;
}

/** What UpdateOrganization takes. */
export interface UpdateOrganizationRequest {
  organizationId: string;
  name: string;
}

/** What SetOrganizationMetadata takes. */
export interface SetOrganizationMetadataRequest {
  organizationId: string;
  metadata: readonly MetadataEntry[];
}

/** What ListOrganizationMetadata takes. */
export interface ListOrganizationMetadataRequest {
  organizationId: string;
  pagination?: PaginationRequest;
  filters?: readonly MetadataSearchFilter[];
}

/** What DeleteOrganizationMetadata takes. */
export interface DeleteOrganizationMetadataRequest {
  organizationId: string;
  keys: readonly string[];
}
