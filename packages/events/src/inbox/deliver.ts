import { type Clock, DrawbridgeError, isTransient } from '@drawbridge/kit';
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import { type EventsDatabase, type EventsSchema, eventsTables } from '../database/index.ts';
import type { ZitadelEvent } from '../event/index.ts';
import type { Consumer } from './consumer.ts';
import { EndGuard } from './guard.ts';

/** How one consumer's events are applied. */
export interface DeliverOptions<S> {
  readonly database: EventsDatabase<S>;
  readonly instance: string;
  readonly consumer: Consumer<S>;
  readonly clock: Clock;
  /** Tries after which an event is set aside. */
  readonly attempts: number;
  /** How long to wait after the given failure, in milliseconds. */
  readonly retryMs: (attempt: number) => number;
  /** Time for one handler, in milliseconds. */
  readonly handlerMs: number;
  readonly signal: AbortSignal;
}

/** What became of one try. */
export type Delivery =
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'applied'; readonly event: ZitadelEvent }
  | { readonly outcome: 'failed' | 'set_aside'; readonly event: ZitadelEvent; readonly error: unknown };

/** An effect has ended this long before somebody else may take its event. */
const claimSlackMs = 5_000;

/** Applies the next event that is ready for a consumer, if there is one. */
export async function deliverNext<S>(options: DeliverOptions<S>): Promise<Delivery> {
  return options.consumer.effect ? await deliverOutside(options) : await deliverInside(options);
}

/**
 * An event whose effect is on a wire: claimed in one transaction, applied in another, with the effect between the two. A
 * process that dies meanwhile leaves the claim, which ends by itself.
 */
async function deliverOutside<S>(options: DeliverOptions<S>): Promise<Delivery> {
  const { database, consumer, handlerMs, clock } = options;
  const event = await database.transaction(async (trx) => {
    const tables = eventsTables(trx);
    const found = await pick(tables, options);
    if (found)
      await tables
        .updateTable('events_deliveries')
        .set({ next_try_at: new Date(clock.now() + handlerMs + claimSlackMs) })
        .where(deliveryIs(consumer.name, found))
        .execute();
    return found;
  });
  if (!event) return { outcome: 'nothing' };
  try {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(handlerMs)]);
    await before(signal, consumer.effect?.(event, { signal }) ?? Promise.resolve());
    await database.transaction((trx) => finish(trx, event, options));
    return { outcome: 'applied', event };
  } catch (error) {
    if (options.signal.aborted) {
      await release(options, event);
      throw error;
    }
    return await noteFailure(options, event, error);
  }
}

/** Gives a claim back, so that whoever starts next need not wait for its end. */
async function release<S>({ database, consumer }: DeliverOptions<S>, event: ZitadelEvent): Promise<void> {
  await database.transaction((trx) =>
    eventsTables(trx)
      .updateTable('events_deliveries')
      .set({ next_try_at: null })
      .where(deliveryIs(consumer.name, event))
      .execute(),
  );
}

async function deliverInside<S>(options: DeliverOptions<S>): Promise<Delivery> {
  const { database } = options;
  let picked: ZitadelEvent | undefined;
  try {
    return await database.transaction(async (trx) => {
      const event = await pick(eventsTables(trx), options);
      if (!event) return { outcome: 'nothing' };
      picked = event;
      await finish(trx, event, options);
      return { outcome: 'applied', event };
    });
  } catch (error) {
    if (!picked || options.signal.aborted) throw error;
    return await noteFailure(options, picked, error);
  }
}

/** What is written once, together with the fact that the event was applied. */
async function finish<S>(
  trx: Transaction<S>,
  event: ZitadelEvent,
  { consumer, handlerMs, signal: stopping }: DeliverOptions<S>,
): Promise<void> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(handlerMs)]);
  const guard = new EndGuard();
  try {
    await before(signal, consumer.handle(event, { trx: trx.withPlugin(guard), signal }));
  } finally {
    guard.end();
  }
  await eventsTables(trx).deleteFrom('events_deliveries').where(deliveryIs(consumer.name, event)).execute();
}

interface PickedRow {
  readonly instance: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly sequence: string | number | bigint;
  readonly event_type: string;
  readonly created_at: Date;
  readonly resource_owner: string;
  readonly editor: string;
  readonly payload: Record<string, unknown> | null;
}

/**
 * The oldest event that is ready, locked. One that another worker holds is passed over; it is still there, so its
 * successors in the aggregate are not ready. The same holds for an event that is set aside.
 *
 * The first of an aggregate is asked for by a value and not by "none is earlier": a planner without statistics, as in a
 * young table, makes of the latter a walk over everything that waits.
 */
async function pick<S>(
  trx: Kysely<EventsSchema>,
  { instance, consumer, clock }: DeliverOptions<S>,
): Promise<ZitadelEvent | undefined> {
  const confirmed =
    (consumer.order ?? 'confirmed') === 'arrival'
      ? sql``
      : sql`and d.position <= (select confirmed_position from events_instances where instance = ${instance})`;
  const { rows } = await sql<PickedRow>`
    select e.instance, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.created_at,
      e.resource_owner, e.editor, e.payload
    from events_deliveries d
    join events_inbox e on e.position = d.position
    where d.instance = ${instance} and d.consumer = ${consumer.name} and d.state = 'waiting'
      and (d.next_try_at is null or d.next_try_at <= ${new Date(clock.now())})
      ${confirmed}
      and d.sequence = (
        select min(first.sequence) from events_deliveries first
        where first.instance = d.instance and first.consumer = d.consumer
          and first.aggregate_type = d.aggregate_type and first.aggregate_id = d.aggregate_id)
    order by d.created_at, d.position
    limit 1
    for update of d skip locked`.execute(trx);
  const row = rows[0];
  return row && toEvent(row);
}

function toEvent(row: PickedRow): ZitadelEvent {
  return {
    instance: row.instance,
    aggregateType: row.aggregate_type,
    aggregateId: row.aggregate_id,
    sequence: Number(row.sequence),
    type: row.event_type,
    createdAt: row.created_at,
    resourceOwner: row.resource_owner,
    editor: row.editor,
    payload: row.payload ?? undefined,
  };
}

async function noteFailure<S>(
  options: DeliverOptions<S>,
  event: ZitadelEvent,
  error: unknown,
): Promise<Delivery> {
  // The database was away, or we were too slow for it: that says nothing against the event.
  const blameless = isOutage(error);
  return await options.database.transaction(async (trx) => {
    const here = deliveryIs(options.consumer.name, event);
    const tables = eventsTables(trx);
    const delivery = await tables
      .selectFrom('events_deliveries')
      .select('attempts')
      .where(here)
      .executeTakeFirst();
    const attempts = (delivery?.attempts ?? 0) + (blameless ? 0 : 1);
    const over = attempts >= options.attempts;
    await tables
      .updateTable('events_deliveries')
      .set({
        attempts,
        state: over ? 'set_aside' : 'waiting',
        next_try_at: new Date(options.clock.now() + options.retryMs(Math.max(attempts, 1))),
        reason: reasonOf(error),
      })
      .where(here)
      .execute();
    return { outcome: over ? 'set_aside' : 'failed', event, error };
  });
}

/** Whether something was away, or too slow: every event would fail the same way now. */
export function isOutage(error: unknown): boolean {
  return isTransient(error) || (error instanceof DrawbridgeError && error.code === 'database_unavailable');
}

/** Foreign errors may quote what they worked on: their text stays out of the table. */
function reasonOf(error: unknown): string {
  if (error instanceof DrawbridgeError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.name : typeof error;
}

/** Where a delivery is: the condition for one event of one consumer. */
export function deliveryIs(
  consumer: string,
  event: Pick<ZitadelEvent, 'instance' | 'aggregateType' | 'aggregateId' | 'sequence'>,
) {
  return (row: ExpressionBuilder<EventsSchema, 'events_deliveries'>) =>
    row.and([
      row('instance', '=', event.instance),
      row('consumer', '=', consumer),
      row('aggregate_type', '=', event.aggregateType),
      row('aggregate_id', '=', event.aggregateId),
      row('sequence', '=', event.sequence),
    ]);
}

/** The work, unless the signal comes first. */
function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
