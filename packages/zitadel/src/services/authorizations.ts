import { type CallOptions, type Transport, ZitadelError } from '../transport/index.ts';
import type {
  Authorization,
  AuthorizationSearchFilter,
  CreateAuthorizationRequest,
  UpdateAuthorizationRequest,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, isRealDate, requireFields, totalOfPage, type With } from './reading.ts';

/** An authorization as it is listed. */
export type FoundAuthorization = With<Authorization, 'id'>;

/** Which authorizations to list. */
export interface AuthorizationFilter {
  readonly userId?: string;
  readonly projectId?: string;
  readonly organizationId?: string;
  readonly filters?: readonly AuthorizationSearchFilter[];
}

/** Zitadel's authorizations: which roles a user has in a project. */
export interface Authorizations {
  /**
   * @throws {DrawbridgeError} `zitadel_already_exists` when the user is authorized in that project and organization;
   * `zitadel_precondition` when user, project or role are unknown, or the project is not granted to the organization
   */
  create(authorization: CreateAuthorizationRequest, options?: CallOptions): Promise<{ readonly id: string }>;
  /**
   * Makes sure of one authorization with exactly these roles, active. Safe to repeat.
   *
   * @throws {DrawbridgeError} `zitadel_already_exists` when Zitadel has it but does not list it yet: try again
   */
  ensure(
    authorization: CreateAuthorizationRequest,
    options?: CallOptions,
  ): Promise<{ readonly id: string; readonly changed: boolean }>;
  list(filter?: AuthorizationFilter, options?: ListOptions): Listing<FoundAuthorization>;
  /** The role keys replace the former set. */
  update(authorization: UpdateAuthorizationRequest, options?: CallOptions): Promise<void>;
  /** Asking again is success; Zitadel does not tell the difference. */
  activate(id: string, options?: CallOptions): Promise<void>;
  deactivate(id: string, options?: CallOptions): Promise<void>;
  /** One that is not there counts as removed. */
  remove(id: string, options?: CallOptions): Promise<Change>;
}

const service = 'zitadel.authorization.v2.AuthorizationService';

/** The authorizations of an instance, over its transport. */
export function createAuthorizations(transport: Transport): Authorizations {
  const repeat = (options: CallOptions | undefined) => ({ ...options, repeatable: true });
  const authorizations: Authorizations = {
    async create(authorization, options) {
      const answer = await transport.call(`${service}/CreateAuthorization`, authorization, options);
      return { id: requireFields(answer, 'the new authorization', 'id').id };
    },
    async ensure(authorization, options) {
      const { userId, projectId, organizationId, roleKeys = [] } = authorization;
      try {
        const answer = await transport.call(`${service}/CreateAuthorization`, authorization, repeat(options));
        return { id: requireFields(answer, 'the new authorization', 'id').id, changed: true };
      } catch (error) {
        if (!(error instanceof ZitadelError) || error.code !== 'zitadel_already_exists') throw error;
        const [existing] = await authorizations.list({ userId, projectId, organizationId }, options).all();
        if (!existing) throw error;
        const rolesDiffer = !sameKeys(existing.roles?.map((role) => role.key ?? '') ?? [], roleKeys);
        const isInactive = existing.state !== 'STATE_ACTIVE';
        if (rolesDiffer) await authorizations.update({ id: existing.id, roleKeys }, options);
        if (isInactive) await authorizations.activate(existing.id, options);
        return { id: existing.id, changed: rolesDiffer || isInactive };
      }
    },
    list({ userId, projectId, organizationId, filters = [] } = {}, { pageSize, ...call } = {}) {
      const all: readonly AuthorizationSearchFilter[] = [
        ...filters,
        ...(userId === undefined ? [] : [{ inUserIds: { ids: [userId] } }]),
        ...(projectId === undefined ? [] : [{ projectId: { id: projectId } }]),
        ...(organizationId === undefined ? [] : [{ organizationId: { id: organizationId } }]),
      ];
      return createListing({
        key: (authorization) => authorization.id,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListAuthorizations`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'AUTHORIZATION_FIELD_NAME_CREATED_DATE',
              ...(all.length > 0 ? { filters: all } : {}),
            },
            call,
          );
          return {
            items: (answer.authorizations ?? []).map((one) => requireFields(one, 'an authorization', 'id')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
    async update(authorization, options) {
      await transport.call(`${service}/UpdateAuthorization`, authorization, repeat(options));
    },
    async activate(id, options) {
      await transport.call(`${service}/ActivateAuthorization`, { id }, repeat(options));
    },
    async deactivate(id, options) {
      await transport.call(`${service}/DeactivateAuthorization`, { id }, repeat(options));
    },
    async remove(id, options) {
      const answer = await transport.call(`${service}/DeleteAuthorization`, { id }, options);
      return { changed: isRealDate(answer.deletionDate) };
    },
  };
  return authorizations;
}

function sameKeys(one: readonly string[], other: readonly string[]): boolean {
  return new Set(one).symmetricDifference(new Set(other)).size === 0;
}
