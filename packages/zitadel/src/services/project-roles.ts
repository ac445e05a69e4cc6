import { type CallOptions, type Transport, ZitadelError } from '../transport/index.ts';
import type {
  AddProjectRoleRequest,
  ProjectRole,
  ProjectRoleSearchFilter,
  UpdateProjectRoleRequest,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, isRealDate, requireFields, totalOfPage, type With } from './reading.ts';

/** A role as it is listed. */
export type FoundRole = With<ProjectRole, 'key'>;

/** The roles of a project. */
export interface ProjectRoles {
  /** A role with that key counts as added, whatever its display name. */
  addRole(
    projectId: string,
    role: Omit<AddProjectRoleRequest, 'projectId'>,
    options?: CallOptions,
  ): Promise<Change>;
  /** Changes what is given of a role; nothing to change is success. @throws {DrawbridgeError} `zitadel_not_found` */
  updateRole(
    projectId: string,
    role: Omit<UpdateProjectRoleRequest, 'projectId'>,
    options?: CallOptions,
  ): Promise<void>;
  listRoles(
    projectId: string,
    filter?: { readonly filters?: readonly ProjectRoleSearchFilter[] },
    options?: ListOptions,
  ): Listing<FoundRole>;
  /** Also takes it out of every grant and authorization. */
  removeRole(projectId: string, roleKey: string, options?: CallOptions): Promise<Change>;
}

const service = 'zitadel.project.v2.ProjectService';

/** Project roles, a part of {@link Projects}. */
export function createProjectRoles(transport: Transport): ProjectRoles {
  return {
    async addRole(projectId, role, options) {
      try {
        await transport.call(
          `${service}/AddProjectRole`,
          { projectId, ...role },
          { ...options, repeatable: true },
        );
        return { changed: true };
      } catch (error) {
        if (error instanceof ZitadelError && error.code === 'zitadel_already_exists')
          return { changed: false };
        throw error;
      }
    },
    async updateRole(projectId, role, options) {
      const request = { projectId, ...role };
      await transport.call(`${service}/UpdateProjectRole`, request, { ...options, repeatable: true });
    },
    listRoles(projectId, { filters = [] } = {}, { pageSize, ...call } = {}) {
      return createListing({
        key: (role) => role.key,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListProjectRoles`,
            {
              projectId,
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'PROJECT_ROLE_FIELD_NAME_CREATION_DATE',
              ...(filters.length > 0 ? { filters } : {}),
            },
            call,
          );
          return {
            items: (answer.projectRoles ?? []).map((role) => requireFields(role, 'a role', 'key')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
    async removeRole(projectId, roleKey, options) {
      const answer = await transport.call(`${service}/RemoveProjectRole`, { projectId, roleKey }, options);
      return { changed: isRealDate(answer.removalDate) };
    },
  };
}
