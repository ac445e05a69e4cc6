import { DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';
import { audited, type IntegrationActor } from './administer.ts';
import type { Integration } from './tenant.ts';

type Reader = Pick<Transaction<Schema>, 'selectFrom'>;

/**
 * Proves that nobody needs an integration. An organization that is not mapped needs none.
 *
 * @throws {DrawbridgeError} `integration_in_use`, which says by whom
 */
export async function requireUnused(db: Reader, { id, type, name }: Integration): Promise<void> {
  const inUse = (why: string, fix?: string) =>
    new DrawbridgeError('integration_in_use', {
      message: `${name} cannot be removed: ${why}.`,
      ...(fix === undefined ? {} : { fix }),
    });
  const mapped = await db
    .selectFrom('organizations')
    .select('name')
    .where(type === 'zitadel' ? 'integration_id' : 'netbird_integration_id', '=', id)
    .where('zitadel_org_id', 'is not', null)
    .orderBy('name')
    .limit(6)
    .execute();
  if (mapped.length > 0) {
    const names = mapped.slice(0, 5).map((one) => one.name);
    throw inUse(`organizations use it: ${names.join(', ')}${mapped.length > 5 ? ' and others' : ''}`);
  }
  if (type === 'netbird') return;
  if ((await primaryOf(db)) === id) {
    throw inUse(
      'people sign in to the directory at it, which is the first that was set up',
      'Change its settings instead of removing it.',
    );
  }
  const user = await db.selectFrom('users').select('id').where('integration_id', '=', id).limit(1).execute();
  if (user.length > 0)
    throw inUse('the directory still knows users of it', 'Delete the users of its organizations.');
  const run = await db
    .selectFrom('provisioning_runs')
    .innerJoin('organizations', 'organizations.id', 'provisioning_runs.organization_id')
    .select('provisioning_runs.id')
    .where('integration_id', '=', id)
    .where('state', 'in', ['queued', 'running', 'compensating', 'waiting', 'attention', 'quarantined'])
    .limit(1)
    .execute();
  if (run[0]) throw inUse(`run ${run[0].id} of one of its organizations is not over`);
}

/**
 * Removes an integration with its secrets. Organizations of it, none of which is mapped, belong to the first Zitadel from now on,
 * without what they had of this one.
 *
 * @throws {DrawbridgeError} `not_found`, `integration_in_use`
 */
export async function removeIntegration(
  trx: Transaction<Schema>,
  id: string,
  { actor, reason, requestId, at }: IntegrationActor,
): Promise<void> {
  const found = await trx
    .selectFrom('system_integrations')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!found) throw new DrawbridgeError('not_found');
  // A mapping begins by locking its organization: from here on none can begin.
  const column = found.type === 'zitadel' ? 'integration_id' : 'netbird_integration_id';
  const moved = await trx
    .selectFrom('organizations')
    .select(['id', 'slug'])
    .where(column, '=', id)
    .orderBy('id')
    .forUpdate()
    .execute();
  await requireUnused(trx, found);
  const who = {
    actor,
    ...(reason === undefined ? {} : { reason }),
    ...(requestId === undefined ? {} : { requestId }),
    at,
  };
  const primary = await primaryOf(trx);
  if (moved.length > 0) {
    await trx
      .updateTable('organizations')
      .set((column) => ({ version: column('version', '+', 1), updated_at: at }))
      .$if(found.type === 'netbird', (query) => query.set({ netbird_integration_id: null }))
      .$if(found.type === 'zitadel' && primary !== undefined, (query) =>
        query.set({
          ...(primary === undefined ? {} : { integration_id: primary }),
          service_account_json: null,
          identity_provider_id: null,
          netbird_project_id: null,
          netbird_project_grant: false,
        }),
      )
      .where(column, '=', id)
      .execute();
  }
  for (const organization of moved) {
    await recordAudit(trx, {
      ...who,
      organizationId: organization.id,
      action: 'organization.change',
      objectType: 'organization',
      objectId: organization.id,
      from: { [found.type === 'zitadel' ? 'integration' : 'netbirdIntegration']: id },
      to: found.type === 'zitadel' ? { integration: primary } : { netbirdIntegration: null },
    });
  }
  await trx.deleteFrom('system_integrations').where('id', '=', id).execute();
  await recordAudit(trx, {
    ...who,
    action: 'integration.remove',
    objectType: 'integration',
    objectId: id,
    from: audited(found),
  });
}

/** The Zitadel that people sign in at. */
async function primaryOf(db: Reader): Promise<string | undefined> {
  const first = await db
    .selectFrom('system_integrations')
    .select('id')
    .where('type', '=', 'zitadel')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return first?.id;
}
