import type { Clock } from '@drawbridge/kit';
import type { RunState } from '../database/index.ts';
import { ExchangeRecorder } from '../exchanges/index.ts';
import { type AttemptPolicy, attemptStep } from './attempt.ts';
import { type Recorder, recordResult } from './record-result.ts';
import type { Saga, Step, StepContext, StepResult } from './step.ts';
import { type Run, type StepChange, type StepRow, writeProgress } from './store.ts';

/** A run to go on with, and whose hand does it. */
export interface Forward {
  readonly saga: Saga<unknown>;
  readonly run: Run;
  readonly rows: readonly StepRow[];
  readonly context: (
    step: Step<unknown>,
    outputs: ReadonlyMap<string, unknown>,
    attempt: number,
  ) => StepContext<unknown>;
  readonly policy: AttemptPolicy;
  readonly clock: Clock;
  readonly recorder: () => Recorder;
  readonly pause: (point: string) => Promise<void>;
  /** Told of every result once it is recorded, with how long the try took. */
  readonly onResult: (step: Step<unknown>, result: StepResult<unknown>, ms: number) => void;
}

/** How far a run came: to its end, to a step whose next try is later, or to where its last result says. */
export type Came =
  | { readonly to: 'end'; readonly state: RunState; readonly written: boolean }
  | { readonly to: 'later'; readonly at: Date }
  | { readonly to: 'result' };

/** A step of which is written, or about to be, that it begins. */
interface Beginning {
  readonly context: StepContext<unknown>;
  readonly change: StepChange;
}

/** Carries out the steps that are left, each recorded before and after its call. */
export async function forwardRun(work: Forward): Promise<Came> {
  const { saga, run, rows, clock, recorder, pause } = work;
  const outputs = new Map(rows.map((row) => [row.name, row.output]));
  let late = false;
  let begun: Beginning | undefined;
  for (const [position, step] of saga.steps.entries()) {
    const row = rowAt(work, position);
    if (row.state === 'done') continue;
    if (row.state === 'late') {
      late = true;
      continue;
    }
    if (row.next_try_at && row.next_try_at.getTime() > clock.now())
      return { to: 'later', at: row.next_try_at };
    const current = begun ?? beginning(work, outputs, position);
    if (!begun) await writeBeginning(recorder(), run.id, current.change);
    await pause(`${step.name}:recorded`);
    const began = performance.now();
    const since = clock.now() - (row.started_at?.getTime() ?? clock.now());
    const calls = new ExchangeRecorder();
    const result = await calls.during(() => attemptStep(step, current.context, work.policy, since));
    const ms = performance.now() - began;
    await pause(`${step.name}:called`);
    if (result.outcome === 'done') outputs.set(step.name, result.output);
    const goesOn = result.outcome === 'done' || result.outcome === 'late';
    late ||= result.outcome === 'late';
    const following = goesOn ? nextPosition(work, position + 1) : undefined;
    const over = goesOn && following === undefined ? endOf(late) : undefined;
    begun = following === undefined ? undefined : beginningWith(work, outputs, following);
    const { context } = current;
    const { exchanges } = calls;
    await recordResult(recorder(), { step, context, position, result, exchanges, next: begun?.change, over });
    work.onResult(step, result, ms);
    await pause(`${step.name}:done`);
    if (!goesOn) return { to: 'result' };
    if (over) return { to: 'end', state: over, written: true };
  }
  return { to: 'end', state: endOf(late), written: false };
}

function endOf(late: boolean): RunState {
  return late ? 'waiting' : 'done';
}

async function writeBeginning(recorder: Recorder, runId: string, change: StepChange): Promise<void> {
  const { database, owner, leaseEnd, now } = recorder;
  await database.read((db) =>
    writeProgress(
      db,
      { id: runId, owner },
      { run: { state: 'running', lease_until: leaseEnd, updated_at: now }, step: change },
    ),
  );
}

/** The first step from a position on that is neither done nor left for later. */
function nextPosition(work: Forward, from: number): number | undefined {
  const position = work.saga.steps.findIndex((_step, at) => {
    return at >= from && !['done', 'late'].includes(rowAt(work, at).state);
  });
  return position === -1 ? undefined : position;
}

/** A step's beginning, where it can be written with the end of the step before. */
function beginningWith(
  work: Forward,
  outputs: ReadonlyMap<string, unknown>,
  position: number,
): Beginning | undefined {
  const alone = work.saga.steps[position]?.beginsAlone ?? false;
  return rowAt(work, position).state === 'pending' && !alone ? beginning(work, outputs, position) : undefined;
}

function beginning(work: Forward, outputs: ReadonlyMap<string, unknown>, position: number): Beginning {
  const row = rowAt(work, position);
  const step = work.saga.steps[position];
  if (!step) throw new Error(`saga ${work.saga.name} has no step ${position}`);
  const attempt = row.attempts + 1;
  const context = work.context(step, outputs, attempt);
  return {
    context,
    change: {
      position,
      state: 'running',
      idempotency_key: context.key,
      attempts: attempt,
      started_at: row.started_at ?? new Date(work.clock.now()),
      next_try_at: null,
    },
  };
}

function rowAt({ run, rows }: Forward, position: number): StepRow {
  const row = rows[position];
  if (!row) throw new Error(`run ${run.id} has no step ${position}`);
  return row;
}
