import {
  type Clock,
  countOutbound,
  createHttpClient,
  DrawbridgeError,
  type HttpClient,
  type Logger,
  type Metrics,
} from '@drawbridge/kit';
import {
  type Credentials,
  createZitadel,
  parseServiceAccount,
  type ServiceAccountFile,
  serviceAccountFile,
  type Zitadel,
} from '@drawbridge/zitadel';
import type { Selectable } from 'kysely';
import type { Database, IntegrationTable, OrganizationTable } from '../database/index.ts';
import { resolveReference } from './references.ts';

/** A row of `system_integrations`. */
export type Integration = Selectable<IntegrationTable>;
type Organization = Selectable<OrganizationTable>;

/** An organization that is mapped, with the Zitadel it lives in. */
export interface Tenant {
  readonly organization: Organization & { readonly zitadel_org_id: string };
  readonly zitadel: Zitadel;
  /** The application project whose roles the directory gives out. */
  readonly projectId: string;
}

export interface RegistryOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Allow plain http to addresses that are not this machine. Default false. */
  readonly allowInsecure?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

interface Opened {
  readonly zitadel: Zitadel;
  close(): Promise<void>;
}

/** Opens Zitadel clients from `system_integrations`, one for each, and reopens one whose row has changed. */
export class IntegrationRegistry {
  readonly #options: RegistryOptions;
  readonly #open = new Map<string, { readonly version: number; readonly opened: Promise<Opened> }>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /**
   * The tenant that an organization is.
   *
   * @throws {DrawbridgeError} `organization_unknown`, or `organization_not_mapped`: an unmapped tenant fails closed
   */
  async tenant(organizationId: string): Promise<Tenant> {
    const { organization, integration } = await this.#options.database.read(async (db) => {
      const found = await db
        .selectFrom('organizations')
        .selectAll()
        .where('id', '=', organizationId)
        .executeTakeFirst();
      if (!found) throw new DrawbridgeError('organization_unknown');
      const row = await db
        .selectFrom('system_integrations')
        .selectAll()
        .where('id', '=', found.integration_id)
        .executeTakeFirstOrThrow();
      return { organization: found, integration: row };
    });
    const orgId = organization.zitadel_org_id;
    if (orgId === null || integration.project_id === null) {
      throw new DrawbridgeError('organization_not_mapped', {
        message: `${organization.name} is not mapped to an organization in Zitadel.`,
      });
    }
    return {
      organization: { ...organization, zitadel_org_id: orgId },
      zitadel: await this.client(integration),
      projectId: integration.project_id,
    };
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
    const version = integration.updated_at.getTime();
    const known = this.#open.get(integration.id);
    if (known?.version === version) return (await known.opened).zitadel;
    const opened = this.#connect(integration);
    const entry = { version, opened };
    this.#open.set(integration.id, entry);
    // A failed opening is not remembered: the next call tries again.
    opened.catch(() => {
      if (this.#open.get(integration.id) === entry) this.#open.delete(integration.id);
    });
    if (known) void this.#close(known.opened);
    return (await opened).zitadel;
  }

  /** Closes every client. */
  async close(): Promise<void> {
    const entries = [...this.#open.values()];
    this.#open.clear();
    for (const { opened } of entries) await this.#close(opened);
  }

  async #close(opened: Promise<Opened>): Promise<void> {
    try {
      await (await opened).close();
    } catch (err) {
      this.#options.logger.debug({ err, component: 'integrations' }, 'a client did not close cleanly');
    }
  }

  async #connect(integration: Integration): Promise<Opened> {
    const { issuer, address, service_account_json: reference, name } = integration;
    if (reference === null) throw new DrawbridgeError('secret_unavailable', { where: name });
    const { logger, clock, allowInsecure, metrics } = this.#options;
    const credentials = await this.#credentials(reference);
    const http: HttpClient = createHttpClient({
      userAgent: 'drawbridge-directory',
      ...(address ? { addresses: { [issuer]: address } } : {}),
      onCall: countOutbound(metrics),
    });
    const zitadel = createZitadel({
      issuer,
      credentials,
      http,
      clock,
      logger: logger.child({ instance: issuer }),
      ...(allowInsecure ? { allowInsecure: true } : {}),
    });
    return {
      zitadel,
      close: async () => {
        await zitadel.close();
        await http.close();
      },
    };
  }

  /** A key in a file is watched, so that replacing the file rotates the key; one from elsewhere is read once. */
  async #credentials(reference: string): Promise<Credentials | ServiceAccountFile> {
    if (reference.startsWith('file:')) return serviceAccountFile(reference.slice('file:'.length));
    return parseServiceAccount((await resolveReference(reference, this.#options.env)).expose());
  }
}
