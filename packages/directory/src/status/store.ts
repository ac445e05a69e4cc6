import { DrawbridgeError, newId } from '@drawbridge/kit';
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Database, Schema, SweepItemTable, SweepTable } from '../database/index.ts';

export type Sweep = Selectable<SweepTable>;
export type SweepItem = Selectable<SweepItemTable>;

/** Which sweep is asked for, and by whom. */
export interface NewSweep {
  /** Absent for all organizations. */
  readonly organizationId?: string;
  readonly cause: SweepTable['cause'];
  readonly requestedBy: string;
  readonly requestId?: string;
  readonly at: Date;
}

/** Thrown when a sweep is no longer this worker's: it must write nothing more for it. */
export class SweepLost extends Error {
  override readonly name = 'SweepLost';
}

/**
 * Writes a sweep, unless one is under way: the database lets only one be.
 *
 * @returns the sweep, and whether it is new; one under way is the answer where it covers what was asked for
 * @throws {DrawbridgeError} `sweep_running` where the one under way covers something else
 */
export async function insertSweep(
  trx: Transaction<Schema>,
  { organizationId, cause, requestedBy, requestId, at }: NewSweep,
): Promise<{ readonly id: string; readonly created: boolean }> {
  const inserted = await trx
    .insertInto('sweeps')
    .values({
      id: newId({ now: () => at.getTime() }),
      organization_id: organizationId ?? null,
      cause,
      requested_by: requestedBy,
      state: 'running',
      started_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) {
    const running = await trx
      .selectFrom('sweeps')
      .select(['id', 'organization_id'])
      .where('state', '=', 'running')
      .executeTakeFirst();
    const covers = running?.organization_id === null || running?.organization_id === organizationId;
    if (!running || !covers) throw new DrawbridgeError('sweep_running');
    return { id: running.id, created: false };
  }
  if (cause === 'person') {
    await recordAudit(trx, {
      ...(organizationId === undefined ? {} : { organizationId }),
      actor: requestedBy,
      action: 'sweep.request',
      objectType: 'sweep',
      objectId: inserted.id,
      ...(requestId === undefined ? {} : { requestId }),
      at,
    });
  }
  return { id: inserted.id, created: true };
}

/** Takes a sweep for this worker, unless another has it or it is over. */
export async function claimSweep(
  database: Database,
  id: string,
  now: Date,
  until: Date,
): Promise<Sweep | undefined> {
  return await database.read((db) =>
    db
      .updateTable('sweeps')
      .set({ lease_until: until })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .where((or) => or.or([or('lease_until', 'is', null), or('lease_until', '<=', now)]))
      .returningAll()
      .executeTakeFirst(),
  );
}

/** A lease is renewed this long before it has to be: each renewal is news for those who watch the sweep. */
const renewEveryMs = 15_000;

/** Keeps a sweep for this worker. @throws {SweepLost} */
export async function renewLease(
  trx: Pick<Transaction<Schema>, 'selectFrom' | 'updateTable'>,
  id: string,
  until: Date,
): Promise<void> {
  const row = await trx
    .selectFrom('sweeps')
    .select('lease_until')
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (!row) throw new SweepLost(`sweep ${id} is over`);
  if (row.lease_until !== null && row.lease_until.getTime() > until.getTime() - renewEveryMs) return;
  await trx
    .updateTable('sweeps')
    .set({ lease_until: until })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

/** How a sweep ends. */
export interface SweepEnd {
  readonly state: 'done' | 'braked' | 'failed';
  readonly code?: string;
  readonly reason?: string;
  readonly at: Date;
}

/** Ends a sweep under way and counts its items. One that failed leaves nothing for anybody to approve. */
export async function endSweep(
  trx: Transaction<Schema>,
  id: string,
  { state, code, reason, at }: SweepEnd,
): Promise<boolean> {
  const ended = await trx
    .updateTable('sweeps')
    .set({
      state,
      reason_code: code ?? null,
      reason: reason ?? null,
      finished_at: at,
      lease_until: null,
      ...(state === 'failed' ? { canary: sql<string>`coalesce(canary, 'failed')` } : {}),
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst();
  if (!ended) return false;
  if (state === 'failed') {
    await trx
      .updateTable('sweep_items')
      .set({ state: 'dropped', detail: 'the sweep failed' })
      .where('sweep_id', '=', id)
      .where('state', '=', 'held')
      .execute();
  }
  await countItems(trx, id);
  return true;
}

/** Writes the counts of a sweep's items into its row. */
export async function countItems(trx: Transaction<Schema>, id: string): Promise<void> {
  const count = (condition: string) =>
    sql<number>`(select count(*)::int from sweep_items where sweep_id = ${id} and ${sql.raw(condition)})`;
  await trx
    .updateTable('sweeps')
    .set({
      activated: count("kind = 'activate' and state = 'applied'"),
      deactivated: count("kind = 'deactivate' and state = 'applied'"),
      corrected: count("kind = 'correct' and state = 'applied'"),
      skipped: count("state in ('skipped', 'failed')"),
      held: count("state in ('held', 'approved')"),
    })
    .where('id', '=', id)
    .execute();
}

/** Writes items of a sweep, or what became of them. */
export async function putItems(
  trx: Pick<Transaction<Schema>, 'insertInto'>,
  items: readonly Insertable<SweepItemTable>[],
): Promise<void> {
  for (let at = 0; at < items.length; at += 500) {
    await trx
      .insertInto('sweep_items')
      .values(items.slice(at, at + 500))
      .onConflict((conflict) =>
        conflict.columns(['sweep_id', 'user_id', 'kind']).doUpdateSet((column) => ({
          state: column.ref('excluded.state'),
          says: column.ref('excluded.says'),
          detail: column.ref('excluded.detail'),
        })),
      )
      .execute();
  }
}
