import type { Transaction } from 'kysely';
import type { Database, Schema } from '../database/index.ts';
import { isSealed, type SealedPlace, type Sealer } from '../sealing/index.ts';
import { secretColumns } from './administer.ts';

/**
 * Seals anew, with the present key, what an older one sealed, so that the older one can be taken away.
 *
 * @returns how many values
 */
export async function resealSecrets(database: Database, sealer: Sealer): Promise<number> {
  if (!sealer.lasting) return 0;
  return await database.transaction(
    async (trx) => (await integrations(trx, sealer)) + (await organizations(trx, sealer)),
  );
}

async function integrations(trx: Transaction<Schema>, sealer: Sealer): Promise<number> {
  let count = 0;
  for (const row of await trx.selectFrom('system_integrations').selectAll().forUpdate().execute()) {
    for (const column of secretColumns) {
      const sealed = reseal(row[column], { purpose: `system_integrations.${column}`, row: row.id }, sealer);
      if (sealed === undefined) continue;
      await trx
        .updateTable('system_integrations')
        .set({ [column]: sealed })
        .where('id', '=', row.id)
        .execute();
      count += 1;
    }
  }
  return count;
}

async function organizations(trx: Transaction<Schema>, sealer: Sealer): Promise<number> {
  let count = 0;
  const rows = await trx
    .selectFrom('organizations')
    .select(['id', 'service_account_json'])
    .where('service_account_json', 'is not', null)
    .forUpdate()
    .execute();
  for (const { id, service_account_json: kept } of rows) {
    const sealed = reseal(kept, { purpose: 'organizations.service_account_json', row: id }, sealer);
    if (sealed === undefined) continue;
    await trx
      .updateTable('organizations')
      .set({ service_account_json: sealed })
      .where('id', '=', id)
      .execute();
    count += 1;
  }
  return count;
}

function reseal(kept: string | null, place: SealedPlace, sealer: Sealer): string | undefined {
  if (kept === null || !isSealed(kept) || !sealer.needsReseal(kept)) return undefined;
  return sealer.seal(sealer.open(kept, place), place);
}
