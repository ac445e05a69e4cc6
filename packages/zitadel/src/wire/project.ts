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

/** State of a project as granted to another organization. */
export type GrantedProjectState =
  | 'GRANTED_PROJECT_STATE_UNSPECIFIED'
  | 'GRANTED_PROJECT_STATE_ACTIVE'
  | 'GRANTED_PROJECT_STATE_INACTIVE';

/** State of a project grant. */
export type ProjectGrantState =
  | 'PROJECT_GRANT_STATE_UNSPECIFIED'
  | 'PROJECT_GRANT_STATE_ACTIVE'
  | 'PROJECT_GRANT_STATE_INACTIVE';

/** Whose branding a project's sign-in shows. */
export type PrivateLabelingSetting =
  | 'PRIVATE_LABELING_SETTING_UNSPECIFIED'
  | 'PRIVATE_LABELING_SETTING_ENFORCE_PROJECT_RESOURCE_OWNER_POLICY'
  | 'PRIVATE_LABELING_SETTING_ALLOW_LOGIN_USER_RESOURCE_OWNER_POLICY';

/** What a list can be sorted by. */
export type ProjectFieldName =
  | 'PROJECT_FIELD_NAME_UNSPECIFIED'
  | 'PROJECT_FIELD_NAME_ID'
  | 'PROJECT_FIELD_NAME_CREATION_DATE'
  | 'PROJECT_FIELD_NAME_CHANGE_DATE'
  | 'PROJECT_FIELD_NAME_NAME';

/** What a list can be sorted by. */
export type ProjectGrantFieldName =
  | 'PROJECT_GRANT_FIELD_NAME_UNSPECIFIED'
  | 'PROJECT_GRANT_FIELD_NAME_PROJECT_ID'
  | 'PROJECT_GRANT_FIELD_NAME_CREATION_DATE'
  | 'PROJECT_GRANT_FIELD_NAME_CHANGE_DATE';

/** What a list can be sorted by. */
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

/** A role of a project. */
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

/** Comparison of a project's name. */
export interface ProjectNameFilter {
  projectName?: string;
  method?: TextFilterMethod;
}

/** Comparison of a role key. */
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

/** What CreateProject takes. */
export interface CreateProjectRequest {
  organizationId: string;
  projectId?: string;
  name: string;
  projectRoleAssertion?: boolean;
  authorizationRequired?: boolean;
  projectAccessRequired?: boolean;
  privateLabelingSetting?: PrivateLabelingSetting;
}

/** What CreateProject answers. */
export interface CreateProjectResponse {
  projectId?: string;
  creationDate?: Timestamp;
}

/** Names one project. */
export interface ProjectIdRequest {
  projectId: string;
}

/** What GetProject answers. */
export interface GetProjectResponse {
  project?: Project;
}

/** What ListProjects takes. */
export interface ListProjectsRequest {
  pagination?: PaginationRequest;
  sortingColumn?: ProjectFieldName;
  filters?: readonly ProjectSearchFilter[];
}

/** What ListProjects answers. */
export interface ListProjectsResponse {
  pagination?: PaginationResponse;
  projects?: readonly Project[];
}

/** What UpdateProject takes. */
export interface UpdateProjectRequest {
  projectId: string;
  name?: string;
  projectRoleAssertion?: boolean;
  authorizationRequired?: boolean;
  projectAccessRequired?: boolean;
  privateLabelingSetting?: PrivateLabelingSetting;
}

/** What AddProjectRole takes. */
export interface AddProjectRoleRequest {
  projectId: string;
  roleKey: string;
  displayName: string;
  group?: string;
}

/** What UpdateProjectRole takes. */
export interface UpdateProjectRoleRequest {
  projectId: string;
  roleKey: string;
  displayName?: string;
  group?: string;
}

/** What RemoveProjectRole takes. */
export interface RemoveProjectRoleRequest {
  projectId: string;
  roleKey: string;
}

/** What RemoveProjectRole answers. */
export interface RemoveProjectRoleResponse {
  removalDate?: Timestamp;
}

/** What ListProjectRoles takes. */
export interface ListProjectRolesRequest {
  projectId: string;
  pagination?: PaginationRequest;
  sortingColumn?: ProjectRoleFieldName;
  filters?: readonly ProjectRoleSearchFilter[];
}

/** What ListProjectRoles answers. */
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

/** What ListProjectGrants takes. */
export interface ListProjectGrantsRequest {
  pagination?: PaginationRequest;
  sortingColumn?: ProjectGrantFieldName;
  filters?: readonly ProjectGrantSearchFilter[];
}

/** What ListProjectGrants answers. */
export interface ListProjectGrantsResponse {
  pagination?: PaginationResponse;
  projectGrants?: readonly ProjectGrant[];
}
