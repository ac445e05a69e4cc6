import { type Kysely, sql } from 'kysely';
import { eventsTables } from '../database/index.ts';

/**
 * Takes what events of a user say out of the inbox, for whoever asks to be erased. That they happened, and when, stays: an
 * event whose row was gone would be read and applied once more.
 */
export async function eraseEvents<S>(trx: Kysely<S>, aggregateId: string): Promise<void> {
  await eventsTables(trx)
    .updateTable('events_inbox')
    .set({ payload: sql`null` })
    .where('aggregate_id', '=', aggregateId)
    .execute();
}
