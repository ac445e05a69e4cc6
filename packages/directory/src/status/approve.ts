import { DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';
import { carryOut } from './carry-out.ts';
import { blockChanged } from './netbird-pass.ts';
import type { SyncParts } from './parts.ts';
import { countItems, type Sweep } from './store.ts';

/** Who decides about a braked sweep, and why. */
export interface Discard {
  readonly actor: string;
  readonly reason: string;
  readonly requestId?: string;
}

/** What is approved. */
export interface Approve extends Discard {
  /** How many users that is, as the person has counted: it has to be right. */
  readonly count: number;
  /** Ids of users. Default: all that are held. */
  readonly users?: readonly string[];
}

/**
 * Approves what a sweep holds, or a part of it. Nothing happens to anybody here: a worker reads each user again first.
 *
 * @throws {DrawbridgeError} `not_found`, `sweep_not_held`, `sweep_count_differs`
 */
export async function approveSweep(
  { database, jobs, clock }: SyncParts,
  sweepId: string,
  { count, users, ...who }: Approve,
): Promise<void> {
  const at = new Date(clock.now());
  await database.transaction(async (trx) => {
    const sweep = await lockHeld(trx, sweepId);
    const held = await heldItems(trx, sweepId);
    const wanted = users === undefined ? undefined : new Set(users);
    const chosen = wanted === undefined ? held : held.filter(({ user_id }) => wanted.has(user_id));
    if (chosen.length !== count || chosen.length === 0) {
      throw new DrawbridgeError('sweep_count_differs', {
        message: `${chosen.length} of those are held, not ${count}.`,
      });
    }
    for (let from = 0; from < chosen.length; from += 1_000)
      await trx
        .updateTable('sweep_items')
        .set({ state: 'approved' })
        .where('sweep_id', '=', sweepId)
        .where('kind', '=', 'deactivate')
        .where(
          'user_id',
          'in',
          chosen.slice(from, from + 1_000).map(({ user_id }) => user_id),
        )
        .execute();
    const state = chosen.length === held.length ? 'approved' : 'braked';
    await decided(trx, sweep, { state, action: 'sweep.approve', count, at, ...who });
    await jobs.send(trx, 'sweep', { sweepId });
  });
}

/**
 * Discards what a sweep holds: nobody of it is deactivated. If Zitadel still says so, the next sweep asks again.
 *
 * @throws {DrawbridgeError} `not_found`, `sweep_not_held`
 */
export async function discardSweep(
  { database, clock }: SyncParts,
  sweepId: string,
  who: Discard,
): Promise<void> {
  const at = new Date(clock.now());
  await database.transaction(async (trx) => {
    const sweep = await lockHeld(trx, sweepId);
    const held = await heldItems(trx, sweepId);
    await trx
      .updateTable('sweep_items')
      .set({ state: 'dropped', detail: 'discarded' })
      .where('sweep_id', '=', sweepId)
      .where('state', '=', 'held')
      .execute();
    await decided(trx, sweep, {
      state: 'discarded',
      action: 'sweep.discard',
      count: held.length,
      at,
      ...who,
    });
    await countItems(trx, sweepId);
  });
}

/**
 * Carries out what was approved of a sweep, after another read of each user. Whom Zitadel cannot be asked about waits for the
 * next minute. The brake has no say: a person has looked.
 */
export async function carryOutApproved(
  parts: SyncParts,
  sweepId: string,
  signal: AbortSignal,
): Promise<void> {
  const { database, settings } = parts;
  const { 'sync.conflictRule': rule } = await settings.read();
  const changed: string[] = [];
  for (let after = ''; ; ) {
    const items = await database.read((db) =>
      db
        .selectFrom('sweep_items')
        .innerJoin('sweeps', 'sweeps.id', 'sweep_items.sweep_id')
        .selectAll('sweep_items')
        .select(['sweeps.decided_by', 'sweeps.decision_reason'])
        .where('sweep_items.sweep_id', '=', sweepId)
        .where('sweep_items.state', '=', 'approved')
        .where('sweep_items.user_id', '>', after)
        .orderBy('sweep_items.user_id')
        .limit(200)
        .execute(),
    );
    for (const item of items) {
      const became = await carryOut(parts, item, {
        sweepId,
        rule,
        actor: item.decided_by ?? 'drawbridge',
        ...(item.decision_reason === null ? {} : { reason: item.decision_reason }),
        signal,
        unasked: 'approved',
      });
      if (became === 'applied') changed.push(item.user_id);
    }
    const last = items.at(-1);
    if (!last) break;
    after = last.user_id;
  }
  if (changed.length === 0 && (await isCounted(parts, sweepId))) return;
  await database.transaction((trx) => countItems(trx, sweepId));
  await blockChanged(parts, sweepId, changed, signal);
}

/** Whether the row says what the items say, so that a job that comes twice changes nothing. */
async function isCounted({ database }: SyncParts, sweepId: string): Promise<boolean> {
  const row = await database.read((db) =>
    db
      .selectFrom('sweeps')
      .select((query) => [
        'held',
        query
          .selectFrom('sweep_items')
          .select((items) => items.fn.countAll<string>().as('count'))
          .where('sweep_id', '=', sweepId)
          .where('state', 'in', ['held', 'approved'])
          .as('open'),
      ])
      .where('id', '=', sweepId)
      .executeTakeFirst(),
  );
  return row === undefined || row.held === Number(row.open);
}

async function lockHeld(trx: Transaction<Schema>, sweepId: string): Promise<Sweep> {
  const sweep = await trx
    .selectFrom('sweeps')
    .selectAll()
    .where('id', '=', sweepId)
    .forUpdate()
    .executeTakeFirst();
  if (!sweep) throw new DrawbridgeError('not_found', { message: `There is no sweep ${sweepId}.` });
  if (sweep.state !== 'braked')
    throw new DrawbridgeError('sweep_not_held', { message: `The sweep is ${sweep.state} and holds nobody.` });
  return sweep;
}

async function heldItems(trx: Transaction<Schema>, sweepId: string) {
  return await trx
    .selectFrom('sweep_items')
    .select('user_id')
    .where('sweep_id', '=', sweepId)
    .where('state', '=', 'held')
    .orderBy('user_id')
    .execute();
}

async function decided(
  trx: Transaction<Schema>,
  { id, organization_id }: Sweep,
  decision: Discard & {
    readonly state: Sweep['state'];
    readonly action: string;
    readonly count: number;
    readonly at: Date;
  },
): Promise<void> {
  const { state, action, count, at, actor, reason, requestId } = decision;
  await trx
    .updateTable('sweeps')
    .set({ state, decided_by: actor, decided_at: at, decision_reason: reason })
    .where('id', '=', id)
    .execute();
  await recordAudit(trx, {
    ...(organization_id === null ? {} : { organizationId: organization_id }),
    actor,
    action,
    objectType: 'sweep',
    objectId: id,
    from: { state: 'braked' },
    to: { state, users: count },
    reason,
    ...(requestId === undefined ? {} : { requestId }),
    at,
  });
}
