import { newId } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';

export interface ZitadelIntegration {
  readonly name: string;
  readonly issuer: string;
  /** Where its TCP port is, when that differs from the issuer's host. */
  readonly address?: string;
  /** The application project whose roles the directory gives out. */
  readonly projectId: string;
  /** Client the directory introspects tokens with. */
  readonly clientId: string;
  /** References, `file:` or `env:`, never the secrets themselves. */
  readonly clientSecret: string;
  readonly serviceAccount: string;
  readonly actor: string;
  readonly at: Date;
}

/** Adds a Zitadel to `system_integrations`, or brings the one of that name up to date. */
export async function putZitadelIntegration(
  trx: Transaction<Schema>,
  integration: ZitadelIntegration,
): Promise<string> {
  const { name, issuer, at } = integration;
  const values = {
    type: 'zitadel' as const,
    domain: new URL(issuer).host,
    issuer,
    address: integration.address ?? null,
    client_id: integration.clientId,
    client_secret: integration.clientSecret,
    project_id: integration.projectId,
    service_account_json: integration.serviceAccount,
    updated_at: at,
  };
  const { id } = await trx
    .insertInto('system_integrations')
    .values({ id: newId({ now: () => at.getTime() }), name, created_at: at, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow();
  const { issuer: _same, updated_at: _when, client_secret: _reference, ...shown } = values;
  await recordAudit(trx, {
    actor: integration.actor,
    action: 'integration.put',
    objectType: 'integration',
    objectId: id,
    to: { name, issuer, ...shown },
    at,
  });
  return id;
}
