import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type {
  Application,
  ApplicationListedKey,
  ApplicationSearchFilter,
  CreateApplicationRequest,
  UpdateApplicationRequest,
} from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, changed, requireFields, totalOfPage, type With } from './reading.ts';

/** An application as it is listed. */
export type FoundApplication = With<Application, 'applicationId' | 'name'>;

/** A key of an application as it is listed. */
export type FoundApplicationKey = With<ApplicationListedKey, 'keyId'>;

/** What came of creating an application. */
export interface CreatedApplication {
  readonly id: string;
  /** Zitadel chooses it. */
  readonly clientId: string;
  /** Only for applications that sign in with a secret. */
  readonly clientSecret?: Secret<string>;
}

/** Zitadel's applications: the OAuth clients and APIs of a project. */
export interface Applications {
  /**
   * @throws {DrawbridgeError} `zitadel_already_exists` for a name in use in the project; `zitadel_precondition` for an id
   * that was ever used
   */
  create(application: CreateApplicationRequest, options?: CallOptions): Promise<CreatedApplication>;
  /** @throws {DrawbridgeError} `zitadel_not_found` */
  get(id: string, options?: CallOptions): Promise<FoundApplication>;
  /**
   * Changes what is given and leaves the rest. Nothing to change is success, and `changed` is false. Zitadel itself sets response and
   * grant types that are left out to those of the code flow, so they are read first where they are not given.
   */
  update(application: UpdateApplicationRequest, options?: CallOptions): Promise<Change>;
  /** One that is inactive already counts as done. */
  deactivate(projectId: string, id: string, options?: CallOptions): Promise<Change>;
  /** One that is active already counts as done. */
  reactivate(projectId: string, id: string, options?: CallOptions): Promise<Change>;
  /** Removes it with its keys; one that is not there counts as removed. Its id can never be used again. */
  remove(projectId: string, id: string, options?: CallOptions): Promise<Change>;
  list(
    filter: { readonly projectId: string; readonly name?: string },
    options?: ListOptions,
  ): Listing<FoundApplication>;
  /**
   * Makes a key for private_key_jwt. The document is what `parseApplicationKey` reads.
   *
   * Zitadel refuses a key without an end, although its description of the call promises a default.
   */
  createKey(projectId: string, id: string, expiresAt: Date, options?: CallOptions): Promise<Secret<string>>;
  /** A key that is not there counts as removed. */
  removeKey(projectId: string, id: string, keyId: string, options?: CallOptions): Promise<Change>;
  /** The keys of one application. */
  listKeys(id: string, options?: ListOptions): Listing<FoundApplicationKey>;
  /** Replaces the secret; the former one stops working at once. */
  generateSecret(projectId: string, id: string, options?: CallOptions): Promise<Secret<string>>;
}

const service = 'zitadel.application.v2.ApplicationService';

/** The applications of an instance, over its transport. */
export function createApplications(transport: Transport): Applications {
  const get = async (id: string, options?: CallOptions): Promise<FoundApplication> => {
    const answer = await transport.call(`${service}/GetApplication`, { applicationId: id }, options);
    return requireFields(answer.application, 'an application', 'applicationId', 'name');
  };
  return {
    async create(application, options) {
      const answer = await transport.call(`${service}/CreateApplication`, application, options);
      const { applicationId } = requireFields(answer, 'the new application', 'applicationId');
      const client = requireFields(
        answer.apiConfiguration ?? answer.oidcConfiguration,
        'the new application',
        'clientId',
      );
      return {
        id: applicationId,
        clientId: client.clientId,
        ...(client.clientSecret ? { clientSecret: new Secret(client.clientSecret) } : {}),
      };
    },
    get,
    async update(application, options) {
      const { oidcConfiguration: given } = application;
      const isWhole =
        given === undefined || (given.responseTypes !== undefined && given.grantTypes !== undefined);
      const present = isWhole ? undefined : (await get(application.applicationId, options)).oidcConfiguration;
      const { responseTypes = [], grantTypes = [] } = present ?? {};
      const request = isWhole
        ? application
        : { ...application, oidcConfiguration: { responseTypes, grantTypes, ...given } };
      return await changed(
        transport.call(`${service}/UpdateApplication`, request, { ...options, repeatable: true }),
        'COMMAND-1m88i',
        'COMMAND-2m8vx',
      );
    },
    deactivate: (projectId, applicationId, options) =>
      changed(
        transport.call(`${service}/DeactivateApplication`, { projectId, applicationId }, options),
        'COMMAND-dsh35',
      ),
    reactivate: (projectId, applicationId, options) =>
      changed(
        transport.call(`${service}/ReactivateApplication`, { projectId, applicationId }, options),
        'COMMAND-1n8cM',
      ),
    remove: (projectId, applicationId, options) =>
      changed(
        transport.call(`${service}/DeleteApplication`, { projectId, applicationId }, options),
        'COMMAND-0po9s',
      ),
    removeKey: (projectId, applicationId, keyId, options) =>
      changed(
        transport.call(`${service}/DeleteApplicationKey`, { projectId, applicationId, keyId }, options),
        'COMMAND-4m77G',
      ),
    listKeys(id, { pageSize, ...call } = {}) {
      return createListing({
        key: (key) => key.keyId,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListApplicationKeys`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'APPLICATION_KEYS_SORT_BY_CREATION_DATE',
              filters: [{ applicationIdFilter: { applicationId: id } }],
            },
            call,
          );
          return {
            items: (answer.keys ?? []).map((key) => requireFields(key, 'a key', 'keyId')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
    list({ projectId, name }, { pageSize, ...call } = {}) {
      const filters: ApplicationSearchFilter[] = [{ projectIdFilter: { projectId } }];
      if (name !== undefined) filters.push({ nameFilter: { name, method: 'TEXT_FILTER_METHOD_EQUALS' } });
      return createListing({
        key: (application) => application.applicationId,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const pagination = { offset: String(offset), limit, asc: true };
          const answer = await transport.call(`${service}/ListApplications`, { pagination, filters }, call);
          return {
            items: (answer.applications ?? []).map((one) =>
              requireFields(one, 'an application', 'applicationId', 'name'),
            ),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
    async createKey(projectId, id, expiresAt, options) {
      const request = {
        projectId,
        applicationId: id,
        expirationDate: expiresAt.toISOString(),
      };
      const answer = await transport.call(`${service}/CreateApplicationKey`, request, options);
      const { keyDetails } = requireFields(answer, 'the new key', 'keyDetails');
      return new Secret(Buffer.from(keyDetails, 'base64').toString('utf8'));
    },
    async generateSecret(projectId, id, options) {
      const answer = await transport.call(
        `${service}/GenerateClientSecret`,
        { projectId, applicationId: id },
        options,
      );
      return new Secret(requireFields(answer, 'the new secret', 'clientSecret').clientSecret);
    },
  };
}
