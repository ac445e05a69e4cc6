import type { Kysely } from 'kysely';
import { eventsTables } from '../database/index.ts';

/** What the inbox holds of one aggregate, the oldest first, for whoever asks what is known of them. */
export async function readEvents<S>(
  db: Kysely<S>,
  aggregateId: string,
): Promise<readonly { readonly event_type: string; readonly created_at: Date; readonly payload: unknown }[]> {
  return await eventsTables(db)
    .selectFrom('events_inbox')
    .select(['event_type', 'created_at', 'payload'])
    .where('aggregate_id', '=', aggregateId)
    .orderBy('position')
    .execute();
}
