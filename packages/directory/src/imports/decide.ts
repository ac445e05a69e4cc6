import { DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Database, ImportState, Schema } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Asked, UserRequests } from '../users/index.ts';

export interface ImportParts extends UserRequests {
  readonly jobs: Pick<Jobs, 'send'>;
}

/**
 * Starts an import after its dry run, or goes on with one that was stopped.
 *
 * @throws {DrawbridgeError} `not_found`, `import_not_ready`, `import_refused_rows` unless those are to be left out
 */
export async function startImport(
  { database, engine, jobs }: ImportParts,
  importId: string,
  { skipRefused, ...who }: Asked & { readonly skipRefused: boolean },
): Promise<void> {
  await database.transaction(async (trx) => {
    const entry = await lockImport(trx, importId, ['checked', 'stopped']);
    const { refused } = await trx
      .selectFrom('import_rows')
      .select(({ fn }) => fn.countAll<string>().as('refused'))
      .where('import_id', '=', importId)
      .where('plan', '=', 'refuse')
      .executeTakeFirstOrThrow();
    if (Number(refused) > 0 && !skipRefused) {
      throw new DrawbridgeError('import_refused_rows', {
        message: `${refused} of ${entry.total} rows are refused by the dry run.`,
      });
    }
    await trx
      .updateTable('imports')
      .set({
        state: 'running',
        skip_refused: skipRefused,
        started_at: entry.started_at ?? engine.now(),
        finished_at: null,
      })
      .where('id', '=', importId)
      .execute();
    await jobs.send(trx, 'import', { importId });
    await record(trx, { ...entry, id: importId }, 'import.start', engine.now(), who);
  });
}

/**
 * Stops an import behind the rows that are under way; what is done stays.
 *
 * @throws {DrawbridgeError} `not_found`, `import_not_ready`
 */
export async function stopImport(
  { database, engine, jobs }: ImportParts,
  importId: string,
  who: Asked,
): Promise<void> {
  await database.transaction(async (trx) => {
    const entry = await lockImport(trx, importId, ['running']);
    await trx.updateTable('imports').set({ state: 'stopping' }).where('id', '=', importId).execute();
    await jobs.send(trx, 'import', { importId });
    await record(trx, { ...entry, id: importId }, 'import.stop', engine.now(), who);
  });
}

async function lockImport(trx: Transaction<Schema>, id: string, states: readonly ImportState[]) {
  const entry = await trx
    .selectFrom('imports')
    .select(['organization_id', 'state', 'total', 'started_at', 'file_name'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!entry) throw new DrawbridgeError('not_found');
  if (states.includes(entry.state)) return entry;
  throw new DrawbridgeError('import_not_ready', { message: `The import is ${entry.state}.` });
}

async function record(
  trx: Transaction<Schema>,
  entry: { readonly id: string; readonly organization_id: string; readonly file_name: string },
  action: string,
  at: Date,
  { actor, reason, requestId }: Asked,
): Promise<void> {
  await recordAudit(trx, {
    organizationId: entry.organization_id,
    actor,
    action,
    objectType: 'import',
    objectId: entry.id,
    to: { fileName: entry.file_name },
    ...(reason === undefined ? {} : { reason }),
    ...(requestId === undefined ? {} : { requestId }),
    at,
  });
}

/**
 * Imports whose worker is gone go on; what was being read when a process ended is refused.
 *
 * @param alone whether no other process can be at work: every import that is under way has lost its worker then
 */
export async function recoverImports(
  database: Database,
  jobs: Pick<Jobs, 'send'>,
  now: Date,
  { alone = false }: { readonly alone?: boolean } = {},
): Promise<number> {
  return await database.transaction(async (trx) => {
    const lost = await trx
      .selectFrom('imports')
      .select('id')
      .where('state', 'in', ['running', 'stopping'])
      .$if(!alone, (query) =>
        query.where((or) => or.or([or('lease_until', 'is', null), or('lease_until', '<=', now)])),
      )
      .forUpdate()
      .skipLocked()
      .execute();
    for (const { id } of lost) {
      if (alone) await trx.updateTable('imports').set({ lease_until: null }).where('id', '=', id).execute();
      await jobs.send(trx, 'import', { importId: id });
    }
    await trx
      .updateTable('imports')
      .set({
        state: 'refused',
        reason_code: 'import_unreadable',
        reason: 'The upload broke off. Upload the file again.',
        finished_at: now,
      })
      .where('state', '=', 'reading')
      .where('created_at', '<', new Date(now.getTime() - readingMs))
      .execute();
    return lost.length;
  });
}

/** Longer than a server lets any upload last. */
const readingMs = 15 * 60_000;
