import type { Kysely, Transaction } from 'kysely';
import type { Database, RunState, Schema } from '../database/index.ts';
import type { Exchange } from '../exchanges/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { nextOfUser, type RunChange, type StepChange, writeProgress } from './store.ts';

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
  /** What it asked elsewhere. */
  readonly exchanges: readonly Exchange[];
  /** Where the run goes on at once: the beginning of the next step, written with this one's end. */
  readonly next?: StepChange | undefined;
  /** How the run is over, where this was the last of its steps. */
  readonly over?: RunState | undefined;
}

/** What a run's row says once it is over, or nobody's for now. */
export function releasedRun(now: Date, over?: RunState): RunChange {
  const released = { lease_owner: null, lease_until: null, updated_at: now };
  return over ? { ...released, state: over, reason: null, reason_code: null, finished_at: now } : released;
}

/**
 * Writes how a step ended, at once with what that means: the domain's own rows, the beginning of the next step or the
 * run's end, the job of the next try, or the run's stop. A worker that no longer holds the run writes nothing at all.
 */
export async function recordResult(recorder: Recorder, tried: TriedStep): Promise<void> {
  const { database, jobs, owner, now, leaseEnd } = recorder;
  const { step, context, result, next, over } = tried;
  const { position, exchanges: calls } = tried;
  const exchanges = calls.length === 0 ? null : JSON.stringify(calls);
  const held = { id: context.runId, owner };
  const goesOn: RunChange = over ? releasedRun(now, over) : { lease_until: leaseEnd, updated_at: now };
  const released = releasedRun(now);
  switch (result.outcome) {
    case 'done': {
      const done = {
        position,
        state: 'done' as const,
        output: result.output ?? null,
        detail: result.detail ?? null,
        exchanges,
        error_code: null,
        error: null,
        finished_at: now,
      };
      const { userId, organizationId } = context;
      const changes = result.known ? undefined : step.changes?.(context, result.output);
      const progress = {
        run: result.input === undefined ? goesOn : { ...goesOn, input: JSON.stringify(result.input) },
        step: done,
        next,
        subject: changes && { ...changes, userId, organizationId },
      };
      const write = (db: Kysely<Schema>) => writeProgress(db, held, progress);
      if (!step.record || result.known) return await database.read(write);
      return await database.transaction(async (trx) => {
        await step.record?.(trx, context, result.output);
        await write(trx);
      });
    }
    case 'late': {
      const late = { position, state: 'late' as const, exchanges, detail: result.detail };
      return await database.read((db) => writeProgress(db, held, { run: goesOn, step: late, next }));
    }
    case 'waiting': {
      const at = new Date(now.getTime() + (result.retryMs ?? recorder.defaultRetryMs));
      const waiting = {
        position,
        state: 'waiting' as const,
        exchanges,
        error: result.detail,
        next_try_at: at,
      };
      return await database.transaction(async (trx) => {
        await writeProgress(trx, held, { run: released, step: waiting });
        await jobs.send(trx, 'run', { runId: held.id }, at);
      });
    }
    default: {
      const { outcome: state, code, reason } = result;
      const stopped = { position, state, exchanges, error_code: code, error: reason };
      return await database.transaction(async (trx) => {
        await writeProgress(trx, held, {
          run: { ...released, state, reason_code: code, reason },
          step: stopped,
        });
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
