import { backoff, DrawbridgeError, isTransient } from '@drawbridge/kit';
import type { Step, StepContext, StepResult } from './step.ts';

export interface AttemptPolicy {
  /** Tries before a person is asked; a resume grants as many again. */
  readonly attempts: number;
  /** Time before a person is asked, in milliseconds since the first try: an outage of the other side is nobody's decision. */
  readonly patienceMs: number;
  /** Bound of the first wait in milliseconds, doubled each time. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly random: () => number;
}

/**
 * Tries a step once. Failures become results: those that say nothing about the request wait and are tried again, the
 * rest ask for a person. An abort by the caller is not a result and is thrown on.
 */
export async function attemptStep<Input>(
  step: Step<Input>,
  context: StepContext<Input>,
  policy: AttemptPolicy,
  /** Since the first try, in milliseconds. */
  elapsedMs = Number.POSITIVE_INFINITY,
): Promise<StepResult<unknown>> {
  try {
    const found = context.attempt > 1 ? await step.check?.(context) : undefined;
    return found ?? (await step.call(context));
  } catch (caught) {
    const error = DrawbridgeError.from(caught);
    if (error.code === 'canceled') throw error;
    if (error.code === 'internal')
      context.logger.error({ err: caught, step: step.name }, 'a step failed unexpectedly');
    const last = elapsedMs >= policy.patienceMs && context.attempt % policy.attempts === 0;
    if (isTransient(error) && !last) {
      const retryMs = Math.max(backoff(context.attempt, policy), (error.retryAfterSeconds ?? 0) * 1_000);
      return { outcome: 'waiting', detail: sentence(error), retryMs };
    }
    return { outcome: 'attention', code: error.code, reason: sentence(error) };
  }
}

/** What a person reads of an error: what happened and what was seen, without a stack. */
function sentence(error: DrawbridgeError): string {
  return [error.message, error.saw ? `Saw: ${error.saw}.` : '', error.why ?? '', error.fix ?? '']
    .filter(Boolean)
    .join(' ');
}
