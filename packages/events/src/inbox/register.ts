import { type Kysely, sql } from 'kysely';
import type { EventsSchema } from '../database/index.ts';

/** Who wants what, to be written down. */
export interface Registration {
  readonly instance: string;
  readonly consumer: string;
  readonly eventTypes: readonly string[];
  /** From when the events of a type that is new to it are read. */
  readonly since: Date;
}

/**
 * Writes down what a consumer wants, and gives it what the inbox has of the types that are new to it. What it no longer
 * wants is forgotten. To be called in a transaction; a repeat changes nothing.
 */
export async function registerConsumer(trx: Kysely<EventsSchema>, registration: Registration): Promise<void> {
  const { instance, consumer, since } = registration;
  await trx
    .insertInto('events_instances')
    .values({ instance })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Events that are being written meanwhile would be given to nobody or twice: their writers wait, or are waited for.
  await sql`lock table events_inbox in share row exclusive mode`.execute(trx);
  const rows = await trx
    .selectFrom('events_consumers')
    .select(['consumer', 'event_type'])
    .where('instance', '=', instance)
    .execute();
  const wanted = new Set(registration.eventTypes);
  const had = new Set(rows.filter((row) => row.consumer === consumer).map((row) => row.event_type));
  const dropped = [...had].filter((type) => !wanted.has(type));
  const added = [...wanted].filter((type) => !had.has(type));
  if (dropped.length > 0) await dropTypes(trx, instance, consumer, dropped);
  if (added.length === 0) return;
  await trx
    .insertInto('events_consumers')
    .values(added.map((event_type) => ({ instance, consumer, event_type })))
    .execute();
  await trx
    .insertInto('events_cursors')
    .values(added.map((event_type) => ({ instance, event_type, through: since })))
    .onConflict((conflict) =>
      conflict.columns(['instance', 'event_type']).doUpdateSet((row) => ({
        through: row.fn<Date>('least', ['events_cursors.through', 'excluded.through']),
      })),
    )
    .execute();
  await sql`
    insert into events_deliveries
      (instance, consumer, aggregate_type, aggregate_id, sequence, position, created_at)
    select instance, ${consumer}, aggregate_type, aggregate_id, sequence, position, created_at
    from events_inbox
    where instance = ${instance} and event_type in (${sql.join(added)})
    on conflict do nothing`.execute(trx);
  // Earlier events may be missing for it: all wait for the next complete pass.
  await trx
    .updateTable('events_instances')
    .set((row) => ({ generation: row('generation', '+', 1), confirmed_position: 0, caught_up_at: null }))
    .where('instance', '=', instance)
    .execute();
}

/** Forgets a consumer with all it had still to apply. */
export async function forgetConsumer(
  trx: Kysely<EventsSchema>,
  instance: string,
  consumer: string,
): Promise<void> {
  await trx
    .deleteFrom('events_consumers')
    .where('instance', '=', instance)
    .where('consumer', '=', consumer)
    .execute();
  await trx
    .deleteFrom('events_deliveries')
    .where('instance', '=', instance)
    .where('consumer', '=', consumer)
    .execute();
}

async function dropTypes(
  trx: Kysely<EventsSchema>,
  instance: string,
  consumer: string,
  types: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom('events_consumers')
    .where('instance', '=', instance)
    .where('consumer', '=', consumer)
    .where('event_type', 'in', types)
    .execute();
  await trx
    .deleteFrom('events_deliveries')
    .where('instance', '=', instance)
    .where('consumer', '=', consumer)
    .where('position', 'in', (query) =>
      query
        .selectFrom('events_inbox')
        .select((row) => row.cast<number>('position', 'bigint').as('position'))
        .where('instance', '=', instance)
        .where('event_type', 'in', types),
    )
    .execute();
}
