import {
  type Budget,
  type Clock,
  countOutbound,
  createHttpClient,
  DrawbridgeError,
  type Logger,
  type Metrics,
} from '@drawbridge/kit';
import { createNetbird, type Netbird } from '@drawbridge/netbird';
import {
  type Credentials,
  createZitadel,
  defaultBudget,
  parseServiceAccount,
  type ServiceAccountFile,
  serviceAccountFile,
  type Zitadel,
} from '@drawbridge/zitadel';
import type { Selectable } from 'kysely';
import type { Database, OrganizationTable } from '../database/index.ts';
import { recordedClient } from '../exchanges/index.ts';
import type { SealedPlace, Sealer } from '../sealing/index.ts';
import { ClientCache, type OpenClient } from './client-cache.ts';
import { resolveReference } from './references.ts';
import { findPlace, type Integration, type OrganizationPlace, requireMapped, type Tenant } from './tenant.ts';

export interface RegistryOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Allow plain http to addresses that are not this machine. Default false. */
  readonly allowInsecure?: boolean;
  /** To each Zitadel. Default 20 where it is one of Zitadel Cloud by its name, else any. */
  readonly callsPerSecond?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Calls with one key at once. A Zitadel answers them from one pool of database connections, which is not for us alone. */
const callsAtOnce = 16;

type Organization = Selectable<OrganizationTable>;

/** Opens clients from `system_integrations`, one for each, and reopens one whose row has changed. */
export class IntegrationRegistry {
  readonly #options: RegistryOptions;
  readonly #zitadels: ClientCache<Zitadel>;
  readonly #netbirds: ClientCache<Netbird>;
  readonly #budgets = new Map<string, Budget | undefined>();
  readonly #places = new WeakMap<object, Map<string, Promise<OrganizationPlace>>>();

  readonly database: Database;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.database = options.database;
    this.#zitadels = new ClientCache(options.logger);
    this.#netbirds = new ClientCache(options.logger);
  }

  /**
   * The tenant that an organization is.
   *
   * @param scope what is read within it is read once, such as by all steps of a run that follow one another
   * @throws {DrawbridgeError} `organization_unknown`, or `organization_not_mapped`: an unmapped tenant fails closed
   */
  async tenant(organizationId: string, scope?: object): Promise<Tenant> {
    const place = await this.#find(organizationId, scope);
    const { organization, projectId } = requireMapped(place);
    const site = await this.client(place.integration);
    return { organization, projectId, site, zitadel: (await this.#delegated(place)) ?? site };
  }

  /** An organization whether it is mapped or not, and the Zitadel of its integration. */
  async place(
    organizationId: string,
    scope?: object,
  ): Promise<OrganizationPlace & { readonly site: Zitadel }> {
    const place = await this.#find(organizationId, scope);
    return { ...place, site: await this.client(place.integration) };
  }

  #find(organizationId: string, scope: object | undefined): Promise<OrganizationPlace> {
    const read = () => findPlace(this.#options.database, organizationId);
    if (!scope) return read();
    const places = this.#places.get(scope) ?? new Map<string, Promise<OrganizationPlace>>();
    this.#places.set(scope, places);
    const known = places.get(organizationId);
    if (known) return known;
    const reading = read();
    places.set(organizationId, reading);
    // A failure is nothing to keep: the next step asks again.
    reading.catch(() => places.delete(organizationId));
    return reading;
  }

  /**
   * The Zitadel that callers sign in at: the first that was set up.
   *
   * @throws {DrawbridgeError} `invalid_settings` when there is none yet
   */
  async primary(): Promise<Integration> {
    const integration = await this.#options.database.read((db) =>
      db
        .selectFrom('system_integrations')
        .selectAll()
        .where('type', '=', 'zitadel')
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst(),
    );
    if (!integration)
      throw new DrawbridgeError('invalid_settings', { message: 'No Zitadel is integrated yet.' });
    return integration;
  }

  /** The client of an integration; one for all uses, so that all its calls share one budget. */
  async client(integration: Integration): Promise<Zitadel> {
    const { id, updated_at, service_account_json: key, name } = integration;
    return await this.#zitadels.get(id, String(updated_at.getTime()), async () => {
      if (key === null) throw new DrawbridgeError('secret_unavailable', { where: name });
      return await this.#open(integration, key, {
        purpose: 'system_integrations.service_account_json',
        row: id,
      });
    });
  }

  /** The NetBird of an organization; nothing where it has none. */
  async netbird({
    netbird_integration_id: id,
  }: Pick<Organization, 'netbird_integration_id'>): Promise<Netbird | undefined> {
    if (id === null) return undefined;
    const integration = await this.database.read((db) =>
      db.selectFrom('system_integrations').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    );
    return await this.#netbirds.get(id, String(integration.updated_at.getTime()), () =>
      this.#openNetbird(integration),
    );
  }

  /** When the key of an integration's service account ends; null where it does not, or there is none. */
  async keyExpiry({ id, service_account_json: kept }: Integration): Promise<Date | null> {
    if (kept === null) return null;
    const place = { purpose: 'system_integrations.service_account_json', row: id };
    const { expiresAt } = parseServiceAccount((await resolveReference(kept, place, this.#options)).expose());
    return expiresAt === undefined ? null : new Date(expiresAt);
  }

  /** Closes the clients of an integration that was removed. */
  async forget(id: string): Promise<void> {
    const chosen = (key: string) => key === id || key.startsWith(`${id} `);
    await this.#zitadels.forget(chosen);
    await this.#netbirds.forget(chosen);
    this.#budgets.delete(id);
  }

  /** Closes every client. */
  async close(): Promise<void> {
    await this.#zitadels.close();
    await this.#netbirds.close();
  }

  async #delegated({ organization, integration }: OrganizationPlace): Promise<Zitadel | undefined> {
    const key = organization.service_account_json;
    if (key === null) return undefined;
    const version = `${integration.updated_at.getTime()} ${organization.updated_at.getTime()}`;
    return await this.#zitadels.get(`${integration.id} ${organization.id}`, version, () =>
      this.#open(integration, key, {
        purpose: 'organizations.service_account_json',
        row: organization.id,
      }),
    );
  }

  async #openNetbird({ id, issuer, address, token, name }: Integration): Promise<OpenClient<Netbird>> {
    if (token === null) throw new DrawbridgeError('secret_unavailable', { where: name });
    const { logger, clock, allowInsecure, metrics } = this.#options;
    const plain = createHttpClient({
      userAgent: 'drawbridge-directory',
      ...(address ? { addresses: { [issuer]: address } } : {}),
      onCall: countOutbound(metrics),
    });
    const http = recordedClient(plain, 'netbird');
    const client = createNetbird({
      url: issuer,
      token: await resolveReference(token, { purpose: 'system_integrations.token', row: id }, this.#options),
      http,
      clock,
      logger: logger.child({ instance: issuer }),
      ...(allowInsecure ? { allowInsecure: true } : {}),
    });
    return {
      client,
      close: async () => {
        await client.close();
        await http.close();
      },
    };
  }

  /** How much of an instance's outbound budget is in use, from 0 to 1; nothing where it has none. */
  budgetUsed({ id }: Pick<Integration, 'id'>): number | undefined {
    return this.#budgets.get(id)?.used;
  }

  /** One budget for all clients of an instance, whoever's key they use. */
  #budgetOf({ id, issuer }: Integration): Budget | undefined {
    if (!this.#budgets.has(id))
      this.#budgets.set(
        id,
        defaultBudget(issuer, { clock: this.#options.clock, perSecond: this.#options.callsPerSecond }),
      );
    return this.#budgets.get(id);
  }

  async #open(integration: Integration, key: string, place: SealedPlace): Promise<OpenClient<Zitadel>> {
    const { issuer, address } = integration;
    const budget = this.#budgetOf(integration);
    const { logger, clock, allowInsecure, metrics } = this.#options;
    const credentials = await this.#credentials(key, place);
    const plain = createHttpClient({
      userAgent: 'drawbridge-directory',
      connections: callsAtOnce,
      ...(address ? { addresses: { [issuer]: address } } : {}),
      onCall: countOutbound(metrics),
    });
    const http = recordedClient(plain, 'zitadel');
    const client = createZitadel({
      issuer,
      credentials,
      http,
      clock,
      metrics,
      ...(budget ? { budget } : {}),
      logger: logger.child({ instance: issuer }),
      ...(allowInsecure ? { allowInsecure: true } : {}),
    });
    return {
      client,
      close: async () => {
        await client.close();
        await http.close();
      },
    };
  }

  /** A key in a file is watched, so that replacing the file rotates the key; one from elsewhere is read once. */
  async #credentials(reference: string, place: SealedPlace): Promise<Credentials | ServiceAccountFile> {
    if (reference.startsWith('file:')) return serviceAccountFile(reference.slice('file:'.length));
    return parseServiceAccount((await resolveReference(reference, place, this.#options)).expose());
  }
}
