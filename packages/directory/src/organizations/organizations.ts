import { DrawbridgeError, newId } from '@drawbridge/kit';
import type { Selectable, Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Database, OrganizationTable, Schema } from '../database/index.ts';

export type Organization = Selectable<OrganizationTable>;

/** Finds an organization by its id or its slug. */
export async function findOrganization(
  database: Database,
  idOrSlug: string,
): Promise<Organization | undefined> {
  return await database.read((db) =>
    db
      .selectFrom('organizations')
      .selectAll()
      .where((or) => or.or([or('id', '=', idOrSlug), or('slug', '=', idOrSlug)]))
      .executeTakeFirst(),
  );
}

/** Every organization, or those with these ids, by slug. */
export async function listOrganizations(
  database: Database,
  ids?: readonly string[],
): Promise<Organization[]> {
  if (ids?.length === 0) return [];
  return await database.read((db) =>
    db
      .selectFrom('organizations')
      .selectAll()
      .$if(ids !== undefined, (query) => query.where('id', 'in', [...(ids ?? [])]))
      .orderBy('slug')
      .execute(),
  );
}

export interface NewOrganization {
  readonly slug: string;
  readonly name: string;
  readonly integrationId: string;
  readonly zitadelOrgId?: string;
  readonly actor: string;
  readonly at: Date;
}

const slugForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Adds an organization.
 *
 * @throws {DrawbridgeError} `invalid_request` when the slug has not the form of a DNS label
 */
export async function addOrganization(
  trx: Transaction<Schema>,
  organization: NewOrganization,
): Promise<string> {
  const { slug, name, integrationId, zitadelOrgId, actor, at } = organization;
  if (!slugForm.test(slug)) {
    throw new DrawbridgeError('invalid_request', {
      problems: [{ field: 'slug', message: 'has letters a-z, digits and hyphens only, at most 63' }],
    });
  }
  const id = newId({ now: () => at.getTime() });
  await trx
    .insertInto('organizations')
    .values({
      id,
      slug,
      name,
      integration_id: integrationId,
      zitadel_org_id: zitadelOrgId ?? null,
      project_grant: false,
      netbird_groups: '[]',
      created_at: at,
      updated_at: at,
    })
    .execute();
  await recordAudit(trx, {
    organizationId: id,
    actor,
    action: 'organization.add',
    objectType: 'organization',
    objectId: id,
    to: { slug, name, zitadelOrgId: zitadelOrgId ?? null },
    at,
  });
  return id;
}

/** How many users each organization is home to, and how many of them are active. */
export async function countUsers(
  database: Database,
): Promise<ReadonlyMap<string, { readonly active: number; readonly all: number }>> {
  const rows = await database.read((db) =>
    db
      .selectFrom('users')
      .select((count) => [
        'organization_id',
        count.fn.countAll<string>().as('all'),
        count.fn.countAll<string>().filterWhere('active', '=', true).as('active'),
      ])
      .groupBy('organization_id')
      .execute(),
  );
  return new Map(
    rows.map((row) => [row.organization_id, { active: Number(row.active), all: Number(row.all) }]),
  );
}
