import type {
  IdFilter,
  InIdsFilter,
  PaginationRequest,
  PaginationResponse,
  TextFilterMethod,
  Timestamp,
} from './common.ts';

/** @see proto/zitadel/project/v2/query.proto */
export type ProjectState = 'PROJECT_STATE_UNSPECIFIED' | 'PROJECT_STATE_ACTIVE' | 'PROJECT_STATE_INACTIVE';

export type GrantedProjectState =
  | 'GRANTED_PROJECT_STATE_UNSPECIFIED'
  | 'GRANTED_PROJECT_STATE_ACTIVE'
  | 'GRANTED_PROJECT_STATE_INACTIVE';

export type ProjectGrantState =
  | 'PROJECT_GRANT_STATE_UNSPECIFIED'
  | 'PROJECT_GRANT_STATE_ACTIVE'
  | 'PROJECT_GRANT_STATE_INACTIVE';

export type PrivateLabelingSetting =
  | 'PRIVATE_LABELING_SETTING_UNSPECIFIED'
  | 'PRIVATE_LABELING_SETTING_ENFORCE_PROJECT_RESOURCE_OWNER_POLICY'
  | 'PRIVATE_LABELING_SETTING_ALLOW_LOGIN_USER_RESOURCE_OWNER_POLICY';

export type ProjectFieldName =
  | 'PROJECT_FIELD_NAME_UNSPECIFIED'
  | 'PROJECT_FIELD_NAME_ID'
  | 'PROJECT_FIELD_NAME_CREATION_DATE'
  | 'PROJECT_FIELD_NAME_CHANGE_DATE'
  | 'PROJECT_FIELD_NAME_NAME';

export type ProjectGrantFieldName =
  | 'PROJECT_GRANT_FIELD_NAME_UNSPECIFIED'
  | 'PROJECT_GRANT_FIELD_NAME_PROJECT_ID'
  | 'PROJECT_GRANT_FIELD_NAME_CREATION_DATE'
  | 'PROJECT_GRANT_FIELD_NAME_CHANGE_DATE';

export type ProjectRoleFieldName =
  | 'PROJECT_ROLE_FIELD_NAME_UNSPECIFIED'
  | 'PROJECT_ROLE_FIELD_NAME_KEY'
  | 'PROJECT_ROLE_FIELD_NAME_CREATION_DATE'
  | 'PROJECT_ROLE_FIELD_NAME_CHANGE_DATE';

/** A project; the `granted…` fields are set where it is listed as granted to another organization. */
export interface Project {
  projectId?: string;
  organizationId?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  name?: string;
  state?: ProjectState;
  projectRoleAssertion?: boolean;
  authorizationRequired?: boolean;
  projectAccessRequired?: boolean;
  privateLabelingSetting?: PrivateLabelingSetting;
  grantedOrganizationId?: string;
  grantedOrganizationName?: string;
  grantedState?: GrantedProjectState;
}

export interface ProjectRole {
  projectId?: string;
  key?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  displayName?: string;
  group?: string;
}

/** Lets another organization authorize its users in a project, with these roles. */
export interface ProjectGrant {
  organizationId?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  grantedOrganizationId?: string;
  grantedOrganizationName?: string;
  grantedRoleKeys?: readonly string[];
  projectId?: string;
  projectName?: string;
  state?: ProjectGrantState;
}

export interface ProjectNameFilter {
  projectName?: string;
  method?: TextFilterMethod;
}

export interface ProjectRoleKeyFilter {
  key?: string;
  method?: TextFilterMethod;
}

/** Exactly one field is set. */
export interface ProjectSearchFilter {
  projectNameFilter?: ProjectNameFilter;
  inProjectIdsFilter?: InIdsFilter;
  organizationIdFilter?: {
    organizationId?: string;
    type?: 'TYPE_UNSPECIFIED' | 'OWNED' | 'GRANTED' | 'OWNED_OR_GRANTED';
  };
}

/** Exactly one field is set. */
export interface ProjectGrantSearchFilter {
  projectNameFilter?: ProjectNameFilter;
  roleKeyFilter?: ProjectRoleKeyFilter;
  inProjectIdsFilter?: InIdsFilter;
  organizationIdFilter?: IdFilter;
  grantedOrganizationIdFilter?: IdFilter;
}

/** Exactly one field is set. */
export interface ProjectRoleSearchFilter {
  roleKeyFilter?: ProjectRoleKeyFilter;
  displayNameFilter?: { displayName?: string; method?: TextFilterMethod };
}

export interface CreateProjectRequest {
  organizationId: string;
  projectId?: string;
  name: string;
  projectRoleAssertion?: boolean;
  authorizationRequired?: boolean;
  projectAccessRequired?: boolean;
  privateLabelingSetting?: PrivateLabelingSetting;
}

export interface CreateProjectResponse {
  projectId?: string;
  creationDate?: Timestamp;
}

/** Names one project. */
export interface ProjectIdRequest {
  projectId: string;
}

export interface GetProjectResponse {
  project?: Project;
}

export interface ListProjectsRequest {
  pagination?: PaginationRequest;
  sortingColumn?: ProjectFieldName;
  filters?: readonly ProjectSearchFilter[];
}

export interface ListProjectsResponse {
  pagination?: PaginationResponse;
  projects?: readonly Project[];
}

export interface UpdateProjectRequest {
  projectId: string;
  name?: string;
  projectRoleAssertion?: boolean;
  authorizationRequired?: boolean;
  projectAccessRequired?: boolean;
  privateLabelingSetting?: PrivateLabelingSetting;
}

export interface AddProjectRoleRequest {
  projectId: string;
  roleKey: string;
  displayName: string;
  group?: string;
}

export interface UpdateProjectRoleRequest {
  projectId: string;
  roleKey: string;
  displayName?: string;
  group?: string;
}

export interface RemoveProjectRoleRequest {
  projectId: string;
  roleKey: string;
}

export interface RemoveProjectRoleResponse {
  removalDate?: Timestamp;
}

export interface ListProjectRolesRequest {
  projectId: string;
  pagination?: PaginationRequest;
  sortingColumn?: ProjectRoleFieldName;
  filters?: readonly ProjectRoleSearchFilter[];
}

export interface ListProjectRolesResponse {
  pagination?: PaginationResponse;
  projectRoles?: readonly ProjectRole[];
}

/** Request of CreateProjectGrant and UpdateProjectGrant; the roles replace the former ones. */
export interface ProjectGrantRolesRequest {
  projectId: string;
  grantedOrganizationId: string;
  roleKeys?: readonly string[];
}

/** Names one project grant. */
export interface ProjectGrantIdRequest {
  projectId: string;
  grantedOrganizationId: string;
}

export interface ListProjectGrantsRequest {
  pagination?: PaginationRequest;
  sortingColumn?: ProjectGrantFieldName;
  filters?: readonly ProjectGrantSearchFilter[];
}

export interface ListProjectGrantsResponse {
  pagination?: PaginationResponse;
  projectGrants?: readonly ProjectGrant[];
}
