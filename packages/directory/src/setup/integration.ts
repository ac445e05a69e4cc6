import { newId } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';

/** An application that people sign in through. */
export interface WebClient {
  readonly clientId: string;
  /** A reference; absent for an application without a secret, which PKCE alone protects. */
  readonly clientSecret?: string;
}

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
  /** The application of the console. Not given: it stays as it is. */
  readonly web?: WebClient;
  /** The application of site administration. */
  readonly management?: WebClient;
  readonly actor: string;
  readonly at: Date;
}

/** Adds a Zitadel to `system_integrations`, or brings the one of that name up to date. */
export async function putZitadelIntegration(
  trx: Transaction<Schema>,
  integration: ZitadelIntegration,
): Promise<string> {
  const { name, issuer, web, management, at } = integration;
  const values = {
    type: 'zitadel' as const,
    domain: new URL(issuer).host,
    issuer,
    address: integration.address ?? null,
    client_id: integration.clientId,
    client_secret: integration.clientSecret,
    project_id: integration.projectId,
    service_account_json: integration.serviceAccount,
    ...(web ? { web_client_id: web.clientId, web_client_secret: web.clientSecret ?? null } : {}),
    ...(management
      ? {
          management_client_id: management.clientId,
          management_client_secret: management.clientSecret ?? null,
        }
      : {}),
    updated_at: at,
  };
  const { id } = await trx
    .insertInto('system_integrations')
    .values({ id: newId({ now: () => at.getTime() }), name, created_at: at, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow();
  const {
    issuer: _same,
    updated_at: _when,
    client_secret: _reference,
    web_client_secret: _web,
    management_client_secret: _management,
    ...shown
  } = values;
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
