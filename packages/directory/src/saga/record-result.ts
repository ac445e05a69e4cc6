import type { Kysely, Transaction } from 'kysely';
import type { Database, Schema } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { nextOfUser, type StepChange, writeProgress } from './store.ts';

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
  /** Where the run goes on at once: the beginning of the next step, written with this one's end. */
  readonly next?: StepChange | undefined;
}

/**
 * Writes how a step ended, at once with what that means: the domain's own rows, the beginning of the next step, the job of
 * the next try, or the run's stop. A worker that no longer holds the run writes nothing at all.
 */
export async function recordResult(recorder: Recorder, tried: TriedStep): Promise<void> {
  const { database, jobs, owner, now, leaseEnd } = recorder;
  const { step, context, position, result, next } = tried;
  const held = { id: context.runId, owner };
  const goesOn = { lease_until: leaseEnd, updated_at: now };
  const released = { lease_owner: null, lease_until: null, updated_at: now };
  switch (result.outcome) {
    case 'done': {
      const done = {
        position,
        state: 'done' as const,
        output: result.output ?? null,
        detail: result.detail ?? null,
        error_code: null,
        error: null,
        finished_at: now,
      };
      const write = (db: Kysely<Schema>) => writeProgress(db, held, goesOn, done, next);
      if (!step.record || result.known) return await database.read(write);
      return await database.transaction(async (trx) => {
        await step.record?.(trx, context, result.output);
        await write(trx);
      });
    }
    case 'late': {
      const late = { position, state: 'late' as const, detail: result.detail };
      return await database.read((db) => writeProgress(db, held, goesOn, late, next));
    }
    case 'waiting': {
      const at = new Date(now.getTime() + (result.retryMs ?? recorder.defaultRetryMs));
      const waiting = { position, state: 'waiting' as const, error: result.detail, next_try_at: at };
      return await database.transaction(async (trx) => {
        await writeProgress(trx, held, released, waiting);
        await jobs.send(trx, 'run', { runId: held.id }, at);
      });
    }
    default: {
      const { outcome: state, code, reason } = result;
      const stopped = { position, state, error_code: code, error: reason };
      return await database.transaction(async (trx) => {
        await writeProgress(trx, held, { ...released, state, reason_code: code, reason }, stopped);
        await sendNext(trx, jobs, context.userId);
      });
    }
  }
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
