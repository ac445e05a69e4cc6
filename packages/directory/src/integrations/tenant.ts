import { DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import { type Selectable, sql } from 'kysely';
import type { Database, IntegrationTable, OrganizationTable } from '../database/index.ts';

/** A row of `system_integrations`. */
export type Integration = Selectable<IntegrationTable>;
type Organization = Selectable<OrganizationTable>;

/** An organization that is mapped, with the Zitadel it lives in. */
export interface Tenant {
  readonly organization: Organization & { readonly zitadel_org_id: string };
  /** By the organization's own service account where it has one, so that no single key reaches all tenants. */
  readonly zitadel: Zitadel;
  /** By the integration's service account, for what lies above one organization: project grants, the project itself. */
  readonly site: Zitadel;
  /** The application project whose roles the directory gives out. */
  readonly projectId: string;
}

/** An organization with the integration it belongs to, mapped or not. */
export interface OrganizationPlace {
  readonly organization: Organization;
  readonly integration: Integration;
}

type Dates = 'created_at' | 'updated_at' | 'secrets_changed_at';
type IntegrationJson = Omit<Integration, Dates> & {
  readonly created_at: string;
  readonly updated_at: string;
  readonly secrets_changed_at: string | null;
};

/** In one query: every run begins with it. @throws {DrawbridgeError} `organization_unknown` */
export async function findPlace(database: Database, organizationId: string): Promise<OrganizationPlace> {
  const row = await database.read((db) =>
    db
      .selectFrom('organizations')
      .innerJoin('system_integrations', 'system_integrations.id', 'organizations.integration_id')
      .selectAll('organizations')
      .select(sql<IntegrationJson>`to_jsonb(system_integrations)`.as('integration'))
      .where('organizations.id', '=', organizationId)
      .executeTakeFirst(),
  );
  if (!row) throw new DrawbridgeError('organization_unknown');
  const { integration, ...organization } = row;
  const { created_at, updated_at, secrets_changed_at } = integration;
  return {
    organization,
    integration: {
      ...integration,
      created_at: new Date(created_at),
      updated_at: new Date(updated_at),
      secrets_changed_at: secrets_changed_at === null ? null : new Date(secrets_changed_at),
    },
  };
}

/** @throws {DrawbridgeError} `organization_not_mapped`: an unmapped tenant fails closed */
export function requireMapped({ organization, integration }: OrganizationPlace): {
  readonly organization: Tenant['organization'];
  readonly projectId: string;
} {
  if (organization.zitadel_org_id === null || integration.project_id === null) {
    throw new DrawbridgeError('organization_not_mapped', {
      message: `${organization.name} is not mapped to an organization in Zitadel.`,
    });
  }
  return {
    organization: { ...organization, zitadel_org_id: organization.zitadel_org_id },
    projectId: integration.project_id,
  };
}
