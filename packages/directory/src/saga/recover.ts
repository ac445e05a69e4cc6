import type { Clock } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';

export interface RecoverOptions {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly clock: Clock;
  /** True where no other worker can exist, as on an embedded database just opened: leases are then all stale. */
  readonly alone?: boolean;
}

/** A run untouched for this long, with nobody's lease on it, has lost its job. */
const forgottenMs = 60_000;
const batch = 500;

/**
 * Finds runs whose worker died and gives each a new job. Rows are the truth and jobs only hints, so a run is never lost
 * with its job.
 *
 * @returns how many runs were found
 */
export async function recoverRuns(options: RecoverOptions): Promise<number> {
  const { database, jobs, clock, alone = false } = options;
  const now = new Date(clock.now());
  const forgotten = new Date(now.getTime() - forgottenMs);
  return await database.transaction(async (trx) => {
    const runs = await trx
      .selectFrom('provisioning_runs')
      .select('id')
      .where('state', 'in', ['queued', 'running', 'compensating'])
      .$if(!alone, (query) =>
        query.where((or) =>
          or.or([
            or('lease_until', '<=', now),
            or.and([or('lease_until', 'is', null), or('updated_at', '<=', forgotten)]),
          ]),
        ),
      )
      // A step that waits for its next try has a job for then.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('provisioning_steps')
              .select('provisioning_steps.run_id')
              .whereRef('provisioning_steps.run_id', '=', 'provisioning_runs.id')
              .where('provisioning_steps.next_try_at', '>', now),
          ),
        ),
      )
      .orderBy('updated_at')
      .limit(batch)
      .forUpdate()
      .skipLocked()
      .execute();
    for (const { id } of runs) {
      await trx
        .updateTable('provisioning_runs')
        .set({ lease_owner: null, lease_until: null, updated_at: now })
        .where('id', '=', id)
        .execute();
      await jobs.send(trx, 'run', { runId: id });
    }
    return runs.length;
  });
}
