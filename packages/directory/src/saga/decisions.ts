import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { RunState, Schema } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';

/** What a person may decide about a run that stopped. */
export type Decision = 'resume' | 'compensate' | 'abandon';

/** A decision, whose it is and why. */
export interface Decided {
  readonly decision: Decision;
  /** Subject of the person. */
  readonly by: string;
  readonly reason: string;
}

const allowed: Record<Decision, readonly RunState[]> = {
  resume: ['attention', 'quarantined'],
  compensate: ['attention', 'quarantined', 'waiting'],
  abandon: ['attention', 'quarantined'],
};

/**
 * Carries out a decision about a run that waits for a person. Resuming goes on at the step that stopped; what is done
 * is not repeated. Compensating takes back what was done. Abandoning leaves everything as it is.
 *
 * @throws {DrawbridgeError} `not_found`, or `conflict` when the run is in no state for this
 */
export async function decide(
  trx: Transaction<Schema>,
  jobs: Pick<Jobs, 'send'>,
  clock: Clock,
  runId: string,
  { decision, by, reason }: Decided,
): Promise<void> {
  const now = new Date(clock.now());
  const run = await trx
    .selectFrom('provisioning_runs')
    .select(['id', 'state'])
    .where('id', '=', runId)
    .forUpdate()
    .executeTakeFirst();
  if (!run) throw new DrawbridgeError('not_found', { message: `No run ${runId} here.` });
  if (!allowed[decision].includes(run.state)) {
    throw new DrawbridgeError('conflict', {
      message: `Run ${runId} is ${run.state}; only one that ${decision === 'compensate' ? 'stopped or waits' : 'stopped'} can be taken on.`,
    });
  }
  await trx
    .updateTable('provisioning_runs')
    .set({ decision, decided_by: by, decided_at: now, decision_reason: reason })
    .where('id', '=', runId)
    .execute();
  if (decision === 'abandon') {
    await setState(trx, runId, 'abandoned', now, now);
    return;
  }
  if (decision === 'resume') {
    await trx
      .updateTable('provisioning_steps')
      // The engine's patience begins anew. Its count of tries does not: what an earlier one did is still looked for.
      .set({ state: 'waiting', next_try_at: now, started_at: null })
      .where('run_id', '=', runId)
      .where('state', 'in', ['attention', 'quarantined'])
      .execute();
  }
  await setState(trx, runId, decision === 'resume' ? 'queued' : 'compensating', now, null);
  await jobs.send(trx, 'run', { runId });
}

async function setState(
  trx: Transaction<Schema>,
  id: string,
  state: RunState,
  now: Date,
  finished: Date | null,
): Promise<void> {
  await trx
    .updateTable('provisioning_runs')
    .set({ state, updated_at: now, finished_at: finished, lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .execute();
}
