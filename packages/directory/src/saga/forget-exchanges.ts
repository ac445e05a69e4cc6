import type { Clock } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';

const dayMs = 86_400_000;
/** What went over the wire for a run is told this long; that it was done, and how long it took, for ever. */
const keptMs = 30 * dayMs;
const batch = 1_000;

/**
 * Forgets what old runs asked elsewhere, some at a time, once they are over: it is most of what a step is stored as. Runs before the day
 * that comes to its end now have been seen to.
 */
export async function forgetExchanges(database: Database, clock: Clock): Promise<void> {
  const until = clock.now() - keptMs;
  await database.read((db) =>
    db
      .updateTable('provisioning_steps')
      .set({ exchanges: null })
      .where('exchanges', 'is not', null)
      .where('run_id', 'in', (query) =>
        query
          .selectFrom('provisioning_runs')
          .select('id')
          .where('created_at', '>=', new Date(until - dayMs))
          .where('created_at', '<', new Date(until))
          .where('state', 'in', ['done', 'compensated', 'abandoned'])
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('provisioning_steps')
                .select('run_id')
                .whereRef('provisioning_steps.run_id', '=', 'provisioning_runs.id')
                .where('exchanges', 'is not', null),
            ),
          )
          .limit(batch),
      )
      .execute(),
  );
}
