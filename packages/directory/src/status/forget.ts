import type { Clock } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';

const dayMs = 86_400_000;
/** Sweeps that found nothing say nothing after this long. */
const emptyMs = 7 * dayMs;
/** What became of people stands in their history and in the audit; the lists of old sweeps need not. */
const longestMs = 90 * dayMs;
const batch = 200;

/** Removes sweeps that are long over. What still waits for a person is kept. */
export async function forgetSweeps(database: Database, clock: Clock): Promise<void> {
  const ago = (ms: number) => new Date(clock.now() - ms);
  await database.read((db) =>
    db
      .deleteFrom('sweeps')
      .where('id', 'in', (query) =>
        query
          .selectFrom('sweeps')
          .select('id')
          .where('state', 'not in', ['running', 'braked'])
          .where((or) =>
            or.or([
              or('finished_at', '<', ago(longestMs)),
              or.and([
                or('finished_at', '<', ago(emptyMs)),
                or.not(
                  or.exists(
                    or
                      .selectFrom('sweep_items')
                      .select('sweep_id')
                      .whereRef('sweep_items.sweep_id', '=', 'sweeps.id'),
                  ),
                ),
              ]),
            ]),
          )
          .orderBy('id')
          .limit(batch),
      )
      .execute(),
  );
}
