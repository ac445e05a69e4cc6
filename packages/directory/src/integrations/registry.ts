import { type Clock, DrawbridgeError, type Logger } from '@drawbridge/kit';
import {
  type Credentials,
  createZitadel,
  parseServiceAccount,
  type ServiceAccountFile,
  type Zitadel,
} from '@drawbridge/zitadel';
import type { Selectable } from 'kysely';
import type { Database, IntegrationTable, OrganizationTable } from '../database/index.ts';
import { resolveReference } from './references.ts';

type Integration = Selectable<IntegrationTable>;
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
  readonly clock: Clock;
  /** Allow plain http to addresses that are not this machine. Default false. */
  readonly allowInsecure?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Opens Zitadel clients from `system_integrations`, one for each, and reopens one whose row has changed. */
export class IntegrationRegistry {
  readonly #options: RegistryOptions;
  readonly #open = new Map<string, { readonly version: number; readonly client: Promise<Zitadel> }>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /**
   * The tenant that an organization is.
   *
   * @throws {DrawbridgeError} `organization_unknown`, or `organization_not_mapped`: an unmapped tenant fails closed
   */
  async tenant(organizationId: string): Promise<Tenant> {
    const found = await this.#options.database.read(async (db) => {
      const organization = await db
        .selectFrom('organizations')
        .selectAll()
        .where('id', '=', organizationId)
        .executeTakeFirst();
      if (!organization) throw new DrawbridgeError('organization_unknown');
      const integration = await db
        .selectFrom('system_integrations')
        .selectAll()
        .where('id', '=', organization.integration_id)
        .executeTakeFirstOrThrow();
      return { organization, integration };
    });
    const { organization, integration } = found;
    const orgId = organization.zitadel_org_id;
    if (orgId === null || integration.project_id === null) {
      throw new DrawbridgeError('organization_not_mapped', {
        message: `${organization.name} is not mapped to an organization in Zitadel.`,
      });
    }
    return {
      organization: { ...organization, zitadel_org_id: orgId },
      zitadel: await this.#client(integration),
      projectId: integration.project_id,
    };
  }

  /** Closes every client. */
  async close(): Promise<void> {
    const clients = [...this.#open.values()];
    this.#open.clear();
    for (const { client } of clients)
      await client.then(
        (zitadel) => zitadel.close(),
        () => undefined,
      );
  }

  #client(integration: Integration): Promise<Zitadel> {
    const version = integration.updated_at.getTime();
    const known = this.#open.get(integration.id);
    if (known?.version === version) return known.client;
    if (known)
      void known.client.then(
        (zitadel) => zitadel.close(),
        () => undefined,
      );
    const client = this.#connect(integration);
    this.#open.set(integration.id, { version, client });
    // A failed opening is not remembered: the next call tries again.
    client.catch(() => this.#open.delete(integration.id));
    return client;
  }

  async #connect(integration: Integration): Promise<Zitadel> {
    if (integration.service_account_json === null)
      throw new DrawbridgeError('secret_unavailable', { where: integration.name });
    return createZitadel({
      issuer: integration.issuer,
      ...(integration.address ? { address: integration.address } : {}),
      credentials: await this.#credentials(integration.service_account_json),
      logger: this.#options.logger.child({ component: 'zitadel', instance: integration.issuer }),
      clock: this.#options.clock,
      ...(this.#options.allowInsecure ? { allowInsecure: true } : {}),
    });
  }

  /** A key in a file is watched, so that replacing the file rotates the key; one from elsewhere is read once. */
  async #credentials(reference: string): Promise<Credentials | ServiceAccountFile> {
    if (reference.startsWith('file:'))
      return { type: 'service-account-file', path: reference.slice('file:'.length) };
    return parseServiceAccount((await resolveReference(reference, this.#options.env)).expose());
  }
}
