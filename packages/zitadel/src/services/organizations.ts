import { type CallOptions, hasId, type Transport, ZitadelError } from '../transport/index.ts';
import type {
  AddOrganizationRequest,
  Metadata,
  Organization,
  OrganizationSearchQuery,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions, type Page } from './listing.ts';
import { decodeMetadata, encodeMetadata, type MetadataMap } from './metadata.ts';
import { type Change, isRealDate, requireFields, totalOf, totalOfPage, type With } from './reading.ts';

/** An organization as it is listed. */
export type FoundOrganization = With<Organization, 'id' | 'state' | 'name'>;

/** Which organizations to list. */
export interface OrganizationFilter {
  readonly queries?: readonly OrganizationSearchQuery[];
}

/** Zitadel's organizations. */
export interface Organizations {
  /**
   * Creates one. A name or id in use is an error even on a repeat: the name alone does not show whose it is.
   *
   * @throws {DrawbridgeError} `zitadel_already_exists`
   */
  create(organization: AddOrganizationRequest, options?: CallOptions): Promise<{ readonly id: string }>;
  /** @throws {DrawbridgeError} `zitadel_not_found` where the list does not show it; lists lag, so that is no proof */
  get(id: string, options?: CallOptions): Promise<FoundOrganization>;
  /** Undefined where the list does not show it *now*. */
  find(id: string, options?: CallOptions): Promise<FoundOrganization | undefined>;
  list(filter?: OrganizationFilter, options?: ListOptions): Listing<FoundOrganization>;
  /** One page, for a person who looks: what changes meanwhile may be missing or doubled in the next one. */
  page(
    page: OrganizationFilter & { readonly offset: number; readonly limit: number },
    options?: CallOptions,
  ): Promise<readonly FoundOrganization[]>;
  update(id: string, change: { readonly name: string }, options?: CallOptions): Promise<Change>;
  deactivate(id: string, options?: CallOptions): Promise<Change>;
  activate(id: string, options?: CallOptions): Promise<Change>;
  /** With everything in it. One that is not there counts as removed. */
  remove(id: string, options?: CallOptions): Promise<Change>;
  metadata(id: string, options?: CallOptions): Promise<Map<string, string>>;
  setMetadata(id: string, values: MetadataMap, options?: CallOptions): Promise<void>;
  removeMetadata(id: string, keys: readonly string[], options?: CallOptions): Promise<void>;
}

const service = 'zitadel.org.v2.OrganizationService';

/** The organizations of an instance, over its transport. */
export function createOrganizations(transport: Transport): Organizations {
  const read = async (
    { queries = [] }: OrganizationFilter,
    offset: number,
    limit: number,
    options: CallOptions | undefined,
  ): Promise<Page<FoundOrganization>> => {
    const answer = await transport.call(
      `${service}/ListOrganizations`,
      {
        query: { offset: String(offset), limit, asc: true },
        sortingColumn: 'ORGANIZATION_FIELD_NAME_CREATION_DATE',
        ...(queries.length > 0 ? { queries } : {}),
      },
      options,
    );
    return {
      items: (answer.result ?? []).map((one) => requireFields(one, 'an organization', 'id', 'state', 'name')),
      total: totalOf(answer.details),
    };
  };
  const list = (
    filter: OrganizationFilter = {},
    { pageSize, ...call }: ListOptions = {},
  ): Listing<FoundOrganization> =>
    createListing({
      key: (organization) => organization.id,
      pageSize,
      signal: call.signal,
      read: (offset, limit) => read(filter, offset, limit, call),
    });
  const find = async (id: string, options?: CallOptions) => {
    const [organization] = await list({ queries: [{ idQuery: { id } }] }, options).all();
    return organization;
  };
  /** Runs a change; the refusal with this id means that it was so already. */
  const change = async (already: string, work: () => Promise<unknown>): Promise<Change> => {
    try {
      await work();
      return { changed: true };
    } catch (error) {
      if (hasId(error, already)) return { changed: false };
      throw error;
    }
  };
  return {
    list,
    find,
    page: async ({ offset, limit, ...filter }, options) => (await read(filter, offset, limit, options)).items,
    async create(organization, options) {
      const answer = await transport.call(`${service}/AddOrganization`, organization, options);
      return { id: requireFields(answer, 'the new organization', 'organizationId').organizationId };
    },
    async get(id, options) {
      const organization = await find(id, options);
      if (organization) return organization;
      throw new ZitadelError('zitadel_not_found', {
        message: `Zitadel does not list the organization ${id}.`,
        why: 'Lists lag a little, and show only what the service account may read.',
      });
    },
    update: (id, { name }, options) =>
      change('ORG-4VSdf', () =>
        transport.call(
          `${service}/UpdateOrganization`,
          { organizationId: id, name },
          { ...options, repeatable: true },
        ),
      ),
    deactivate: (id, options) =>
      change('EVENT-Dbs2g', () =>
        transport.call(`${service}/DeactivateOrganization`, { organizationId: id }, options),
      ),
    activate: (id, options) =>
      change('EVENT-bfnrh', () =>
        transport.call(`${service}/ActivateOrganization`, { organizationId: id }, options),
      ),
    async remove(id, options) {
      const answer = await transport.call(`${service}/DeleteOrganization`, { organizationId: id }, options);
      return { changed: isRealDate(answer.deletionDate) };
    },
    async metadata(id, options) {
      const listing = createListing<Metadata>({
        key: (entry) => entry.key ?? '',
        signal: options?.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListOrganizationMetadata`,
            { organizationId: id, pagination: { offset: String(offset), limit, asc: true } },
            options,
          );
          return { items: answer.metadata ?? [], total: totalOfPage(answer.pagination) };
        },
      });
      return decodeMetadata(await listing.all());
    },
    async setMetadata(id, values, options) {
      const metadata = encodeMetadata(values);
      if (metadata.length === 0) return;
      const request = { organizationId: id, metadata };
      await transport.call(`${service}/SetOrganizationMetadata`, request, { ...options, repeatable: true });
    },
    async removeMetadata(id, keys, options) {
      if (keys.length === 0) return;
      await transport.call(`${service}/DeleteOrganizationMetadata`, { organizationId: id, keys }, options);
    },
  };
}
