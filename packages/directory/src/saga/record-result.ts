import type { Transaction } from 'kysely';
import type { Database, Schema } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { nextOfUser, updateRun, updateStep } from './store.ts';

/** Whose hand records, and until when it may. */
export interface Recorder {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'send'>;
  /** Worker that must still hold the run's lease. */
  readonly owner: string;
  readonly now: Date;
  readonly leaseEnd: Date;
  /** Wait before the next try where the result names none, in milliseconds. */
  readonly defaultRetryMs: number;
}

export interface TriedStep {
  readonly step: Step<unknown>;
  readonly context: StepContext<unknown>;
  readonly position: number;
  readonly result: StepResult<unknown>;
}

/**
 * Writes how a step ended, in one transaction with what that means: the domain's own rows, the job of the next try, or
 * the run's stop. A worker that no longer holds the run writes nothing at all.
 */
export async function recordResult(
  recorder: Recorder,
  { step, context, position, result }: TriedStep,
): Promise<void> {
  const { owner, now, leaseEnd } = recorder;
  const { runId } = context;
  const released = { lease_owner: null, lease_until: null, updated_at: now };
  await recorder.database.transaction(async (trx) => {
    switch (result.outcome) {
      case 'done':
        await step.record?.(trx, context, result.output);
        await updateStep(trx, runId, position, {
          state: 'done',
          output: result.output ?? null,
          detail: result.detail ?? null,
          error_code: null,
          error: null,
          finished_at: now,
        });
        await updateRun(trx, runId, owner, { lease_until: leaseEnd, updated_at: now });
        return;
      case 'late':
        await updateStep(trx, runId, position, { state: 'late', detail: result.detail });
        await updateRun(trx, runId, owner, { lease_until: leaseEnd, updated_at: now });
        return;
      case 'waiting': {
        const next = new Date(now.getTime() + (result.retryMs ?? recorder.defaultRetryMs));
        await updateStep(trx, runId, position, { state: 'waiting', error: result.detail, next_try_at: next });
        await updateRun(trx, runId, owner, released);
        await recorder.jobs.send(trx, 'run', { runId }, next);
        return;
      }
      default:
        await updateStep(trx, runId, position, {
          state: result.outcome,
          error_code: result.code,
          error: result.reason,
        });
        await updateRun(trx, runId, owner, {
          ...released,
          state: result.outcome,
          reason_code: result.code,
          reason: result.reason,
        });
        await sendNext(trx, recorder.jobs, context.userId);
    }
  });
}

/** Has the next run of the same user go on, once one is over or stopped. */
export async function sendNext(
  trx: Transaction<Schema>,
  jobs: Pick<Jobs, 'send'>,
  userId: string | null,
): Promise<void> {
  const next = await nextOfUser(trx, userId);
  if (next !== undefined) await jobs.send(trx, 'run', { runId: next });
}
