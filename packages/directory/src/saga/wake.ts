import type { Clock } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { Schema } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';

/**
 * Has a run that finished but for a late step try that step now: what it waited for may have come.
 *
 * @returns whether the run was waiting
 */
export async function wakeLate(
  trx: Transaction<Schema>,
  jobs: Pick<Jobs, 'send'>,
  clock: Clock,
  runId: string,
): Promise<boolean> {
  const now = new Date(clock.now());
  const woken = await trx
    .updateTable('provisioning_runs')
    .set({ state: 'queued', updated_at: now, finished_at: null })
    .where('id', '=', runId)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst();
  if (!woken) return false;
  await trx
    .updateTable('provisioning_steps')
    .set({ state: 'pending', next_try_at: null })
    .where('run_id', '=', runId)
    .where('state', '=', 'late')
    .execute();
  await jobs.send(trx, 'run', { runId });
  return true;
}
