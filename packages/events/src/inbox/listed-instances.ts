import type { Kysely } from 'kysely';
import { eventsTables } from '../database/index.ts';

/** Ids of the instances whose events somebody has registered for in this database. */
export async function listedInstances<S>(db: Kysely<S>): Promise<readonly string[]> {
  const rows = await eventsTables(db)
    .selectFrom('events_instances')
    .select('instance')
    .orderBy('instance')
    .execute();
  return rows.map(({ instance }) => instance);
}
