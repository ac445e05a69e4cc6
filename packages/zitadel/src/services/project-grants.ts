import { type CallOptions, type Transport, ZitadelError } from '../transport/index.ts';
import type {
  ProjectGrant,
  ProjectGrantIdRequest,
  ProjectGrantRolesRequest,
  ProjectGrantSearchFilter,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, isRealDate, requireFields, totalOfPage, type With } from './reading.ts';

/** A grant as it is listed. */
export type FoundGrant = With<ProjectGrant, 'projectId' | 'grantedOrganizationId'>;

/** Which grants to list. */
export interface GrantFilter {
  readonly projectId?: string;
  readonly grantedOrganizationId?: string;
  readonly filters?: readonly ProjectGrantSearchFilter[];
}

/** Project grants: without one, nobody of another organization can be authorized in the project. */
export interface ProjectGrants {
  /** @throws {DrawbridgeError} `zitadel_already_exists` */
  createGrant(grant: ProjectGrantRolesRequest, options?: CallOptions): Promise<void>;
  /** The roles replace the former ones; those taken away vanish from the organization's authorizations. */
  updateGrant(grant: ProjectGrantRolesRequest, options?: CallOptions): Promise<void>;
  /** Creates the grant, or gives the existing one these roles. */
  ensureGrant(grant: ProjectGrantRolesRequest, options?: CallOptions): Promise<{ readonly created: boolean }>;
  listGrants(filter?: GrantFilter, options?: ListOptions): Listing<FoundGrant>;
  activateGrant(grant: ProjectGrantIdRequest, options?: CallOptions): Promise<void>;
  deactivateGrant(grant: ProjectGrantIdRequest, options?: CallOptions): Promise<void>;
  /** Takes the organization's authorizations in the project along. One that is not there counts as removed. */
  removeGrant(grant: ProjectGrantIdRequest, options?: CallOptions): Promise<Change>;
}

const service = 'zitadel.project.v2.ProjectService';

/** Project grants, a part of {@link Projects}. */
export function createProjectGrants(transport: Transport): ProjectGrants {
  const repeat = (options: CallOptions | undefined) => ({ ...options, repeatable: true });
  const grants: ProjectGrants = {
    async createGrant(grant, options) {
      await transport.call(`${service}/CreateProjectGrant`, grant, options);
    },
    async updateGrant(grant, options) {
      await transport.call(`${service}/UpdateProjectGrant`, grant, repeat(options));
    },
    async ensureGrant(grant, options) {
      try {
        await transport.call(`${service}/CreateProjectGrant`, grant, repeat(options));
        return { created: true };
      } catch (error) {
        if (!(error instanceof ZitadelError) || error.code !== 'zitadel_already_exists') throw error;
        await grants.updateGrant(grant, options);
        return { created: false };
      }
    },
    listGrants({ projectId, grantedOrganizationId, filters = [] } = {}, { pageSize, ...call } = {}) {
      const all: readonly ProjectGrantSearchFilter[] = [
        ...filters,
        ...(projectId === undefined ? [] : [{ inProjectIdsFilter: { ids: [projectId] } }]),
        ...(grantedOrganizationId === undefined
          ? []
          : [{ grantedOrganizationIdFilter: { id: grantedOrganizationId } }]),
      ];
      return createListing({
        key: (grant) => `${grant.projectId} ${grant.grantedOrganizationId}`,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListProjectGrants`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'PROJECT_GRANT_FIELD_NAME_CREATION_DATE',
              ...(all.length > 0 ? { filters: all } : {}),
            },
            call,
          );
          return {
            items: (answer.projectGrants ?? []).map((grant) =>
              requireFields(grant, 'a project grant', 'projectId', 'grantedOrganizationId'),
            ),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
    async activateGrant(grant, options) {
      await transport.call(`${service}/ActivateProjectGrant`, grant, repeat(options));
    },
    async deactivateGrant(grant, options) {
      await transport.call(`${service}/DeactivateProjectGrant`, grant, repeat(options));
    },
    async removeGrant(grant, options) {
      const answer = await transport.call(`${service}/DeleteProjectGrant`, grant, options);
      return { changed: isRealDate(answer.deletionDate) };
    },
  };
  return grants;
}
