import { newId } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';

export interface NetbirdIntegration {
  readonly name: string;
  /** URL of NetBird's management server. */
  readonly url: string;
  /** Where its TCP port is, when that differs from the URL's host. */
  readonly address?: string;
  /** Reference, `file:` or `env:`, to a personal access token of a service user with the role admin. */
  readonly token: string;
  readonly actor: string;
  readonly at: Date;
}

/** Adds a NetBird to `system_integrations`, or brings the one of that name up to date. */
export async function putNetbirdIntegration(
  trx: Transaction<Schema>,
  integration: NetbirdIntegration,
): Promise<string> {
  const { name, url, token, actor, at } = integration;
  const values = {
    type: 'netbird' as const,
    domain: new URL(url).host,
    issuer: url,
    address: integration.address ?? null,
    token,
    updated_at: at,
  };
  const { id } = await trx
    .insertInto('system_integrations')
    .values({
      id: newId({ now: () => at.getTime() }),
      name,
      client_id: null,
      client_secret: null,
      project_id: null,
      service_account_json: null,
      created_at: at,
      ...values,
    })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow();
  await recordAudit(trx, {
    actor,
    action: 'integration.put',
    objectType: 'integration',
    objectId: id,
    to: { name, type: 'netbird', url, address: integration.address ?? null },
    at,
  });
  return id;
}

/** Which NetBird an organization's people use, and which groups they get there. */
export interface OrganizationNetbird {
  readonly organizationId: string;
  readonly integrationId: string;
  /** The project in Zitadel that NetBird's people are authorized in. */
  readonly projectId?: string;
  readonly groups: readonly string[];
  readonly roleGroups?: Readonly<Record<string, readonly string[]>>;
  readonly at: Date;
}

/** Gives an organization its NetBird, as a seed does: nothing is checked and nobody is asked. */
export async function putOrganizationNetbird(
  trx: Transaction<Schema>,
  { organizationId, integrationId, projectId, groups, roleGroups = {}, at }: OrganizationNetbird,
): Promise<void> {
  await trx
    .updateTable('organizations')
    .set({
      netbird_integration_id: integrationId,
      netbird_project_id: projectId ?? null,
      netbird_groups: JSON.stringify(groups),
      netbird_role_groups: JSON.stringify(roleGroups),
      updated_at: at,
    })
    .where('id', '=', organizationId)
    .execute();
}
