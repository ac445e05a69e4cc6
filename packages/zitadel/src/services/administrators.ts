import { type CallOptions, type Transport, ZitadelError } from '../transport/index.ts';
import type {
  AdministeredResource,
  Administrator,
  AdministratorSearchFilter,
  CreateAdministratorRequest,
  UpdateAdministratorRequest,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type OwnRoles, readOwnRoles } from './own-roles.ts';
import { type Change, isRealDate, requireFields, totalOfPage, type With } from './reading.ts';

/** An administrator as listed. */
export type FoundAdministrator = With<Administrator, 'user'>;

/** Zitadel's administrators: who may do what to the instance, an organization or a project. */
export interface Administrators {
  /**
   * Gives somebody roles over a resource. One who has some already keeps those: that is success, and `changed` is false.
   *
   * @throws {DrawbridgeError} `zitadel_invalid_argument` for a role of another family than the resource's
   */
  create(administrator: CreateAdministratorRequest, options?: CallOptions): Promise<Change>;
  /**
   * Replaces somebody's roles over a resource. The same roles again are success.
   *
   * @throws {DrawbridgeError} `zitadel_not_found` for one who has none there
   */
  update(administrator: UpdateAdministratorRequest, options?: CallOptions): Promise<void>;
  /** One who is not there counts as removed. */
  remove(userId: string, resource: AdministeredResource, options?: CallOptions): Promise<Change>;
  /** Those whose administrators the caller may read. */
  list(
    filter?: { readonly userId?: string; readonly userIds?: readonly string[] },
    options?: ListOptions,
  ): Listing<FoundAdministrator>;
  /** Roles of the caller itself, which it may always read. @throws {DrawbridgeError} `invalid_response` */
  own(options?: CallOptions): Promise<OwnRoles[]>;
}

const service = 'zitadel.internal_permission.v2.InternalPermissionService';

/** The administrators of an instance, over its transport. */
export function createAdministrators(transport: Transport): Administrators {
  return {
    async create(administrator, options) {
      try {
        await transport.call(`${service}/CreateAdministrator`, administrator, {
          ...options,
          repeatable: true,
        });
        return { changed: true };
      } catch (error) {
        if (error instanceof ZitadelError && error.code === 'zitadel_already_exists')
          return { changed: false };
        throw error;
      }
    },
    async update(administrator, options) {
      await transport.call(`${service}/UpdateAdministrator`, administrator, { ...options, repeatable: true });
    },
    async remove(userId, resource, options) {
      const answer = await transport.call(
        `${service}/DeleteAdministrator`,
        { userId, resource },
        { ...options, repeatable: true },
      );
      return { changed: isRealDate(answer.deletionDate) };
    },
    own: (options) => readOwnRoles(transport, options),
    list({ userId, userIds } = {}, { pageSize, ...call } = {}) {
      const ids = userIds ?? (userId === undefined ? undefined : [userId]);
      const filters: AdministratorSearchFilter[] =
        ids === undefined ? [] : [{ inUserIdsFilter: { ids: [...ids] } }];
      return createListing({
        key: ({ user, instance, organization, project, projectGrant }) =>
          [user.id, instance, organization?.id, project?.id, projectGrant?.id].join(' '),
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const pagination = { offset: String(offset), limit, asc: true };
          const request = { pagination, ...(filters.length > 0 ? { filters } : {}) };
          const answer = await transport.call(`${service}/ListAdministrators`, request, call);
          return {
            items: (answer.administrators ?? []).map((one) => requireFields(one, 'an administrator', 'user')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
  };
}
