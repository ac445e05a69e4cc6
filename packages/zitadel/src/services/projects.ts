import type { CallOptions, Transport } from '../transport/index.ts';
import { ZitadelError } from '../transport/index.ts';
import type {
  CreateProjectRequest,
  Project,
  ProjectSearchFilter,
  UpdateProjectRequest,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { createProjectGrants, type ProjectGrants } from './project-grants.ts';
import { createProjectRoles, type ProjectRoles } from './project-roles.ts';
import { type Change, isRealDate, requireFields, totalOfPage, type With } from './reading.ts';

/** A project as it is read. */
export type FoundProject = With<Project, 'projectId' | 'organizationId'>;

/** Which projects to list. */
export interface ProjectFilter {
  /** Owned by this organization; use `filters` for granted ones. */
  readonly organizationId?: string;
  readonly filters?: readonly ProjectSearchFilter[];
}

/** Zitadel's projects, their roles and grants. */
export interface Projects extends ProjectRoles, ProjectGrants {
  /** @throws {DrawbridgeError} `zitadel_already_exists` when the id, or the name in its organization, is in use */
  create(project: CreateProjectRequest, options?: CallOptions): Promise<{ readonly id: string }>;
  /** @throws {DrawbridgeError} `zitadel_not_found` */
  get(id: string, options?: CallOptions): Promise<FoundProject>;
  /** Undefined where Zitadel does not show it to us; no proof of absence. */
  find(id: string, options?: CallOptions): Promise<FoundProject | undefined>;
  list(filter?: ProjectFilter, options?: ListOptions): Listing<FoundProject>;
  /** Nothing to change is success. */
  update(id: string, change: Omit<UpdateProjectRequest, 'projectId'>, options?: CallOptions): Promise<void>;
  /** One that is not there counts as removed. */
  remove(id: string, options?: CallOptions): Promise<Change>;
}

const service = 'zitadel.project.v2.ProjectService';

/** The projects of an instance, over its transport. */
export function createProjects(transport: Transport): Projects {
  const get = async (id: string, options?: CallOptions): Promise<FoundProject> => {
    const answer = await transport.call(`${service}/GetProject`, { projectId: id }, options);
    return found(answer.project);
  };
  return {
    ...createProjectRoles(transport),
    ...createProjectGrants(transport),
    get,
    async create(project, options) {
      const answer = await transport.call(`${service}/CreateProject`, project, options);
      return { id: requireFields(answer, 'the new project', 'projectId').projectId };
    },
    async find(id, options) {
      try {
        return await get(id, options);
      } catch (error) {
        if (error instanceof ZitadelError && error.code === 'zitadel_not_found') return undefined;
        throw error;
      }
    },
    list({ organizationId, filters = [] } = {}, { pageSize, ...call } = {}) {
      const all: readonly ProjectSearchFilter[] =
        organizationId === undefined
          ? filters
          : [...filters, { organizationIdFilter: { organizationId, type: 'OWNED' } }];
      return createListing({
        // A project that is granted to several organizations is listed once for each.
        key: (project) => `${project.projectId} ${project.grantedOrganizationId ?? ''}`,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListProjects`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'PROJECT_FIELD_NAME_CREATION_DATE',
              ...(all.length > 0 ? { filters: all } : {}),
            },
            call,
          );
          return { items: (answer.projects ?? []).map(found), total: totalOfPage(answer.pagination) };
        },
      });
    },
    async update(id, change, options) {
      const request = { projectId: id, ...change };
      await transport.call(`${service}/UpdateProject`, request, { ...options, repeatable: true });
    },
    async remove(id, options) {
      const answer = await transport.call(`${service}/DeleteProject`, { projectId: id }, options);
      return { changed: isRealDate(answer.deletionDate) };
    },
  };
}

function found(project: Project | undefined): FoundProject {
  return requireFields(project, 'a project', 'projectId', 'organizationId');
}
