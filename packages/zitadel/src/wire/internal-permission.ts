import type { InIdsFilter, PaginationRequest, PaginationResponse, Timestamp } from './common.ts';

/**
 * What somebody administers; exactly one field is set.
 *
 * @see proto/zitadel/internal_permission/v2/internal_permission_service.proto
 */
export interface AdministeredResource {
  instance?: true;
  organizationId?: string;
  projectId?: string;
  projectGrant?: { projectId: string; organizationId: string };
}

/** What CreateAdministrator takes. */
export interface CreateAdministratorRequest {
  userId: string;
  resource: AdministeredResource;
  roles: readonly string[];
}

/** What UpdateAdministrator takes: the roles replace those there are. */
export interface UpdateAdministratorRequest {
  userId: string;
  resource: AdministeredResource;
  roles: readonly string[];
}

/** What DeleteAdministrator takes. */
export interface DeleteAdministratorRequest {
  userId: string;
  resource: AdministeredResource;
}

/** An administrator as listed; exactly one of the resources is set. */
export interface Administrator {
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  user?: { id?: string; preferredLoginName?: string; displayName?: string; organizationId?: string };
  instance?: boolean;
  organization?: { id?: string; name?: string };
  project?: { id?: string; name?: string; organizationId?: string };
  projectGrant?: {
    id?: string;
    projectId?: string;
    projectName?: string;
    organizationId?: string;
    grantedOrganizationId?: string;
  };
  roles?: readonly string[];
}

/** Exactly one field is set. */
export interface AdministratorSearchFilter {
  inUserIdsFilter?: InIdsFilter;
  resource?: AdministeredResource;
  role?: { roleKey: string };
}

/** What ListAdministrators takes. */
export interface ListAdministratorsRequest {
  pagination?: PaginationRequest;
  filters?: readonly AdministratorSearchFilter[];
}

/** What ListAdministrators answers. */
export interface ListAdministratorsResponse {
  pagination?: PaginationResponse;
  administrators?: readonly Administrator[];
}
