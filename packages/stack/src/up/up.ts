import { DrawbridgeError, lockFolder } from '@drawbridge/kit';
import { type PhaseName, phases, type Workshop } from '../phases/index.ts';
import { firstState, readStackState, type StackState, writeStackState } from './state.ts';

/** What is told while a stack is made. */
export type StackEvent =
  | { readonly state: 'began'; readonly phase: PhaseName; readonly about: string }
  | {
      readonly state: 'waiting';
      readonly phase: PhaseName;
      readonly why: string;
      /** How long it is waited for at most from now on, in milliseconds. */
      readonly limitMs?: number;
    }
  | { readonly state: 'done'; readonly phase: PhaseName; readonly text: string; readonly ms: number }
  /** The stack is usable without it. */
  | {
      readonly state: 'missing';
      readonly phase: PhaseName;
      readonly error: DrawbridgeError;
      readonly ms: number;
    };

/**
 * Makes a local stack, or finishes one: every part looks at what there is and does what is missing, so that a run that was cut off anywhere
 * is gone on with by the next. Two runs for one folder exclude each other.
 *
 * @throws {DrawbridgeError} of the part that failed, which `where` names: `stack_not_ready` and what pods end in, `program_missing`,
 * `program_failed`, `stack_keys_missing`, `locked`, `canceled`
 */
export async function stackUp(
  workshop: Workshop,
  onEvent: (event: StackEvent) => void = () => undefined,
): Promise<StackState> {
  const { settings } = workshop;
  const { folder } = settings;
  const lock = await lockFolder(folder);
  try {
    let state = firstState(settings);
    // From the first program that is run there is something to take away.
    if (!(await readStackState(folder))) await writeStackState(folder, state);
    for (const { name: phase, wanted, about, run } of phases) {
      if (wanted?.(settings) === false) continue;
      workshop.signal.throwIfAborted();
      onEvent({ state: 'began', phase, about: about(settings) });
      const began = performance.now();
      const waiting = (why: string, limitMs?: number) =>
        onEvent({ state: 'waiting', phase, why, ...(limitMs === undefined ? {} : { limitMs }) });
      let reached: Partial<StackState> = {};
      try {
        const { text, signIn } = await run(workshop, waiting);
        if (signIn) reached = { signIn: { state: 'ready', ...signIn } };
        onEvent({ state: 'done', phase, text, ms: performance.now() - began });
      } catch (caught) {
        const error = DrawbridgeError.from(caught);
        if (phase !== 'sign-in' || workshop.signal.aborted) throw error;
        reached = { signIn: { state: 'failed', code: error.code, why: error.message } };
        onEvent({ state: 'missing', phase, error, ms: performance.now() - began });
      }
      state = { ...state, ...reached, reached: phase };
      await writeStackState(folder, state);
    }
    return state;
  } finally {
    await lock.release();
  }
}
