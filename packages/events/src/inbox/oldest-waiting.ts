import type { Kysely } from 'kysely';
import type { EventsSchema } from '../database/index.ts';

/** When the oldest event was written that a consumer has still to apply, set aside or not; undefined where there is none. */
export async function oldestWaiting(
  db: Kysely<EventsSchema>,
  instance: string,
  consumer: string,
): Promise<Date | undefined> {
  const row = await db
    .selectFrom('events_deliveries')
    .select((column) => column.fn.min('created_at').as('at'))
    .where('instance', '=', instance)
    .where('consumer', '=', consumer)
    .executeTakeFirst();
  return row?.at ?? undefined;
}
