import { type Clock, DrawbridgeError, systemClock } from '@drawbridge/kit';
import { sql, type Transaction } from 'kysely';
import { addAdministrator } from '../administrators/index.ts';
import type { Database, Schema } from '../database/index.ts';

/**
 * Names the first site administrator of a directory. It works once: afterwards administrators are named by
 * administrators.
 *
 * @param subject the person's user id in Zitadel, as it stands in `sub`
 * @param also what else is set up with it, in the same transaction
 * @throws {DrawbridgeError} `already_set_up` when there is one
 */
export async function nameFirstAdministrator(
  database: Database,
  subject: string,
  clock: Clock = systemClock,
  also?: (trx: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  const at = new Date(clock.now());
  await database.transaction(async (trx) => {
    // Two set-ups at once must not both find the table empty.
    await sql`lock table site_administrators in exclusive mode`.execute(trx);
    const known = await trx.selectFrom('site_administrators').select('subject').limit(1).executeTakeFirst();
    if (known) throw new DrawbridgeError('already_set_up');
    await addAdministrator(trx, { subject, actor: 'setup', at });
    await also?.(trx);
  });
}

/** Makes sure that a subject is a site administrator. */
export async function putSiteAdministrator(
  trx: Transaction<Schema>,
  subject: string,
  actor: string,
  at: Date,
): Promise<void> {
  await addAdministrator(trx, { subject, actor, at });
}
