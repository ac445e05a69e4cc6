import { type Kysely, sql } from 'kysely';
import type { EventsSchema } from '../database/index.ts';
import type { EventSource, ZitadelEvent } from '../event/index.ts';

/** Keeps a statement far below PostgreSQL's 65,535 parameters. */
const rowsAtOnce = 1_000;

/**
 * Writes events that are not there yet, and for each what its consumers have to do. To be called in a transaction.
 *
 * @returns the events that are new here
 */
export async function recordEvents(
  trx: Kysely<EventsSchema>,
  events: readonly ZitadelEvent[],
  source: EventSource,
  receivedAt: Date,
): Promise<ZitadelEvent[]> {
  // One order for all writers: two of them with the same events would else wait for each other.
  const sorted = [...new Map(events.map((event) => [keyOf(event), event])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const fresh: ZitadelEvent[] = [];
  for (let at = 0; at < sorted.length; at += rowsAtOnce) {
    const slice = new Map(sorted.slice(at, at + rowsAtOnce));
    const stored = await trx
      .insertInto('events_inbox')
      .values([...slice.values()].map((event) => toRow(event, source, receivedAt)))
      .onConflict((conflict) => conflict.constraint('events_inbox_event').doNothing())
      .returning(['position', 'instance', 'aggregate_type', 'aggregate_id', 'sequence'])
      .execute();
    if (stored.length === 0) continue;
    await fanOut(
      trx,
      stored.map(({ position }) => Number(position)),
    );
    for (const row of stored) {
      const event = slice.get(
        JSON.stringify([row.instance, row.aggregate_type, row.aggregate_id, Number(row.sequence)]),
      );
      if (event) fresh.push(event);
    }
  }
  return fresh;
}

/** What makes an event one event. */
function keyOf(event: Pick<ZitadelEvent, 'instance' | 'aggregateType' | 'aggregateId' | 'sequence'>): string {
  return JSON.stringify([event.instance, event.aggregateType, event.aggregateId, event.sequence]);
}

async function fanOut(trx: Kysely<EventsSchema>, positions: readonly number[]): Promise<void> {
  await sql`
    insert into events_deliveries
      (instance, consumer, aggregate_type, aggregate_id, sequence, position, created_at)
    select e.instance, c.consumer, e.aggregate_type, e.aggregate_id, e.sequence, e.position, e.created_at
    from events_inbox e
    join events_consumers c on c.instance = e.instance and c.event_type = e.event_type
    where e.position in (${sql.join(positions)})
    on conflict do nothing`.execute(trx);
}

function toRow(event: ZitadelEvent, source: EventSource, receivedAt: Date) {
  return {
    instance: event.instance,
    aggregate_type: event.aggregateType,
    aggregate_id: event.aggregateId,
    sequence: event.sequence,
    event_type: event.type,
    created_at: event.createdAt,
    resource_owner: event.resourceOwner,
    editor: event.editor,
    payload: event.payload === undefined ? null : JSON.stringify(event.payload),
    received_at: receivedAt,
    source,
  };
}
