import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { Application, ApplicationSearchFilter, CreateApplicationRequest } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { requireFields, totalOfPage, type With } from './reading.ts';

/** An application as it is listed. */
export type FoundApplication = With<Application, 'applicationId' | 'name'>;

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
  list(
    filter: { readonly projectId: string; readonly name?: string },
    options?: ListOptions,
  ): Listing<FoundApplication>;
  /**
   * Makes a key for private_key_jwt. The document is what `parseApplicationKey` reads.
   *
   * @param expiresAt RFC 3339; absent: the year 9999
   */
  createKey(
    projectId: string,
    id: string,
    options?: CallOptions & { readonly expiresAt?: string },
  ): Promise<Secret<string>>;
  /** Replaces the secret; the former one stops working at once. */
  generateSecret(projectId: string, id: string, options?: CallOptions): Promise<Secret<string>>;
}

const service = 'zitadel.application.v2.ApplicationService';

/** The applications of an instance, over its transport. */
export function createApplications(transport: Transport): Applications {
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
    async createKey(projectId, id, { expiresAt, ...options } = {}) {
      const request = {
        projectId,
        applicationId: id,
        ...(expiresAt === undefined ? {} : { expirationDate: expiresAt }),
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
