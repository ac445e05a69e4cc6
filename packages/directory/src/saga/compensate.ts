import { type AttemptPolicy, attemptStep } from './attempt.ts';
import type { Saga, Step, StepContext } from './step.ts';
import type { StepRow } from './store.ts';

export interface Compensation {
  readonly saga: Saga<unknown>;
  readonly rows: readonly StepRow[];
  readonly context: (step: Step<unknown>, attempt: number) => StepContext<unknown>;
  readonly policy: AttemptPolicy;
  readonly pause: (point: string) => Promise<void>;
  /** Writes that the step at this position is taken back. */
  readonly record: (position: number) => Promise<unknown>;
}

/**
 * Takes back, last first, what the steps of a run did. A step that was never called is passed over; one that was called
 * and not recorded is asked by its check whether it took effect.
 *
 * @returns why it stopped, or nothing when everything is taken back
 */
export async function compensateRun(
  work: Compensation,
): Promise<{ code: string; reason: string } | undefined> {
  const { saga, rows } = work;
  for (const [position, step] of [...saga.steps.entries()].reverse()) {
    const row = rows[position];
    if (!row || row.state === 'pending' || row.state === 'compensated') continue;
    const context = work.context(step, row.attempts + 1);
    await work.pause(`${step.name}:compensating`);
    const result = await attemptStep<unknown>(
      {
        ...step,
        check: async () => undefined,
        call: async () => {
          const output = row.state === 'done' ? row.output : await effectOf(step, context);
          if (output !== undefined) await step.compensate?.(context, output);
          return { outcome: 'done', output: null };
        },
      },
      context,
      { ...work.policy, attempts: 1 },
    );
    if (result.outcome === 'attention' || result.outcome === 'quarantined') return result;
    await work.record(position);
    await work.pause(`${step.name}:compensated`);
  }
  return undefined;
}

/** Output of a step whose call may have taken effect without being recorded. */
async function effectOf(step: Step<unknown>, context: StepContext<unknown>): Promise<unknown> {
  const found = await step.check?.(context);
  return found?.outcome === 'done' ? found.output : undefined;
}
