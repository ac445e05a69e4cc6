import { DrawbridgeError, newId, type Secret } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Database, IntegrationTable, Schema } from '../database/index.ts';
import { isSealed, type Sealer } from '../sealing/index.ts';
import { keepSecret } from './references.ts';
import type { Integration } from './tenant.ts';

/** The columns that hold secrets; the founding document's names among them. */
export const secretColumns = [
  'service_account_json',
  'client_secret',
  'web_client_secret',
  'management_client_secret',
  'token',
] as const;
export type SecretColumn = (typeof secretColumns)[number];

/** An integration as it is to be. Secrets that are absent stay; text is a reference or the secret itself, which is sealed. */
export interface IntegrationChange {
  readonly type: IntegrationTable['type'];
  readonly name: string;
  /** The issuer of a Zitadel, the URL of a NetBird. */
  readonly issuer: string;
  readonly address?: string | null;
  readonly projectId?: string | null;
  readonly clientId?: string | null;
  readonly webClientId?: string | null;
  readonly managementClientId?: string | null;
  readonly secrets: Readonly<Partial<Record<SecretColumn, Secret>>>;
}

export interface IntegrationActor {
  readonly actor: string;
  readonly reason?: string;
  readonly requestId?: string;
  readonly at: Date;
}

/** Every integration, the oldest first. */
export async function listIntegrations(database: Database): Promise<Integration[]> {
  return await database.read((db) =>
    db.selectFrom('system_integrations').selectAll().orderBy('created_at').orderBy('id').execute(),
  );
}

/** @throws {DrawbridgeError} `not_found` */
export async function findIntegration(database: Database, id: string): Promise<Integration> {
  const found = await database.read((db) =>
    db.selectFrom('system_integrations').selectAll().where('id', '=', id).executeTakeFirst(),
  );
  if (!found) throw new DrawbridgeError('not_found', { message: `No integration ${id} here.` });
  return found;
}

/**
 * Adds an integration, or changes the one with this id. Clients that are open with the old settings are reopened.
 *
 * @throws {DrawbridgeError} `not_found`, `invalid_request` for another type or issuer than before, `invalid_settings` where a secret
 * would have to be sealed and there is no lasting key
 */
export async function saveIntegration(
  trx: Transaction<Schema>,
  sealer: Sealer,
  change: IntegrationChange,
  { actor, reason, requestId, at }: IntegrationActor,
  id?: string,
): Promise<string> {
  const before =
    id === undefined
      ? undefined
      : await trx
          .selectFrom('system_integrations')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
  if (id !== undefined && !before) throw new DrawbridgeError('not_found');
  if (before) requireSame(before, change);
  const row = id ?? newId({ now: () => at.getTime() });
  const secrets: Partial<Record<SecretColumn, string>> = {};
  for (const column of secretColumns) {
    const given = change.secrets[column];
    if (given) secrets[column] = keepSecret(given, { purpose: `system_integrations.${column}`, row }, sealer);
  }
  const values = {
    name: change.name,
    domain: new URL(change.issuer).host,
    address: change.address ?? null,
    project_id: change.projectId ?? null,
    client_id: change.clientId ?? null,
    web_client_id: change.webClientId ?? null,
    management_client_id: change.managementClientId ?? null,
    ...secrets,
    ...(Object.keys(secrets).length > 0 ? { secrets_changed_at: at, secrets_changed_by: actor } : {}),
    updated_at: at,
  };
  if (before) {
    await trx.updateTable('system_integrations').set(values).where('id', '=', row).execute();
  } else {
    await trx
      .insertInto('system_integrations')
      .values({
        id: row,
        type: change.type,
        issuer: change.issuer,
        created_at: at,
        client_secret: null,
        service_account_json: null,
        ...values,
      })
      .execute();
  }
  await recordAudit(trx, {
    actor,
    action: before ? 'integration.change' : 'integration.add',
    objectType: 'integration',
    objectId: row,
    ...(before ? { from: audited(before) } : {}),
    to: {
      ...audited({ ...values, type: change.type, issuer: change.issuer }),
      secrets: Object.keys(secrets),
    },
    ...(reason === undefined ? {} : { reason }),
    ...(requestId === undefined ? {} : { requestId }),
    at,
  });
  return row;
}

/** How a secret is kept, without telling it: a reference is shown, a sealed value is not. */
export function secretKind(kept: string | null): {
  readonly set: boolean;
  readonly kind: 'file' | 'env' | 'sealed' | null;
  readonly reference: string | null;
} {
  if (kept === null) return { set: false, kind: null, reference: null };
  if (isSealed(kept)) return { set: true, kind: 'sealed', reference: null };
  return { set: true, kind: kept.startsWith('file:') ? 'file' : 'env', reference: kept };
}

/** Tokens, users and mappings belong to the instance they came from: another one is another integration. */
function requireSame(before: Integration, { type, issuer }: IntegrationChange): void {
  if (before.type === type && before.issuer === issuer) return;
  throw new DrawbridgeError('invalid_request', {
    problems: [
      {
        field: before.type === type ? 'issuer' : 'type',
        message: 'cannot be changed: another instance is another integration',
      },
    ],
  });
}

/** What of an integration the audit tells: no secrets. */
export function audited(
  row: Pick<
    Integration,
    | 'name'
    | 'type'
    | 'issuer'
    | 'address'
    | 'project_id'
    | 'client_id'
    | 'web_client_id'
    | 'management_client_id'
  >,
) {
  const { name, type, issuer, address, project_id, client_id, web_client_id, management_client_id } = row;
  return {
    name,
    type,
    issuer,
    address,
    projectId: project_id,
    clientId: client_id,
    webClientId: web_client_id,
    managementClientId: management_client_id,
  };
}
