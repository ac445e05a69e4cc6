import { DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Selectable } from 'kysely';
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

/** @throws {DrawbridgeError} `organization_unknown` */
export async function findPlace(database: Database, organizationId: string): Promise<OrganizationPlace> {
  return await database.read(async (db) => {
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
