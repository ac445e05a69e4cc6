import type { Kysely } from 'kysely';
import type { EventsSchema } from '../database/index.ts';
import type { ZitadelEvent } from '../event/index.ts';
import { deliveryIs } from './deliver.ts';

/** What names one event of one consumer. */
export interface DeliveryKey {
  readonly consumer: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly sequence: number;
}

/** An event that a consumer could not apply. The later ones of its aggregate wait behind it. */
export interface SetAside extends DeliveryKey {
  readonly eventType: string;
  readonly createdAt: Date;
  readonly attempts: number;
  /** Code and sentence of the last failure. */
  readonly reason: string;
}

/** Events that are set aside, oldest first. */
export async function listSetAside(
  db: Kysely<EventsSchema>,
  instance: string,
  limit: number,
): Promise<SetAside[]> {
  const rows = await db
    .selectFrom('events_deliveries as d')
    .innerJoin('events_inbox as e', (join) => join.onRef('e.position', '=', 'd.position'))
    .select([
      'd.consumer',
      'd.aggregate_type',
      'd.aggregate_id',
      'd.sequence',
      'd.created_at',
      'd.attempts',
      'd.reason',
      'e.event_type',
    ])
    .where('d.instance', '=', instance)
    .where('d.state', '=', 'set_aside')
    .orderBy('d.created_at')
    .orderBy('d.position')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    consumer: row.consumer,
    aggregateType: row.aggregate_type,
    aggregateId: row.aggregate_id,
    sequence: Number(row.sequence),
    eventType: row.event_type,
    createdAt: row.created_at,
    attempts: row.attempts,
    reason: row.reason ?? '',
  }));
}

/** Has an event that was set aside tried again. @returns whether there is one */
export async function retrySetAside(
  trx: Kysely<EventsSchema>,
  instance: string,
  key: DeliveryKey,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('events_deliveries')
    .set({ state: 'waiting', attempts: 0, next_try_at: null })
    .where(deliveryIs(key.consumer, withInstance(instance, key)))
    .where('state', '=', 'set_aside')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Gives up on an event that was set aside: the consumer never applies it. @returns whether there is one */
export async function discardSetAside(
  trx: Kysely<EventsSchema>,
  instance: string,
  key: DeliveryKey,
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('events_deliveries')
    .where(deliveryIs(key.consumer, withInstance(instance, key)))
    .where('state', '=', 'set_aside')
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function withInstance(
  instance: string,
  { aggregateType, aggregateId, sequence }: DeliveryKey,
): Pick<ZitadelEvent, 'instance' | 'aggregateType' | 'aggregateId' | 'sequence'> {
  return { instance, aggregateType, aggregateId, sequence };
}
