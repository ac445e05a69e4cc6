import { type Kysely, sql } from 'kysely';
import type { EventsSchema } from '../database/index.ts';

/**
 * Removes events received before `before` that no consumer has still to apply. What catch-up reads again has to be
 * known by the inbox still, or it would be applied a second time: callers keep all that may be read again.
 */
export async function pruneInbox(trx: Kysely<EventsSchema>, instance: string, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from events_inbox e
    where e.instance = ${instance} and e.received_at < ${before}
      and e.position <= (select confirmed_position from events_instances where instance = ${instance})
      and not exists (select 1 from events_deliveries d where d.position = e.position)`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}
