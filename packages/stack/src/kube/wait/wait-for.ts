import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { Reason } from '../reasons/index.ts';
import { secondsText } from './seconds-text.ts';
import type { AnyWatched } from './watched.ts';

/** How long something is waited for, and who is told why it is not there yet. */
export interface WaitOptions {
  /** What is waited for, as errors name it. Default the object's kind and name. */
  readonly what?: string;
  /** In milliseconds. Default 300,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told why it is not there yet, as one clause, whenever the reason changes. What it throws ends the wait. */
  readonly onWaiting?: (why: string) => void;
}

/** What a look at the objects shows. */
export type Look<T> = { readonly done: T } | { readonly waiting: Reason };

/** One wait. */
export interface Wait<T> {
  /** Default of `what`. */
  readonly what: string;
  readonly watched: readonly AnyWatched[];
  /** Looks at what is known. It is called after every change, and at least each second: some reasons come by time alone. */
  readonly look: (signal: AbortSignal) => Look<T> | Promise<Look<T>>;
  /** Finds out more once it is given up. What it throws is left aside. */
  readonly explain?: (reason: Reason) => Promise<Reason>;
}

const lookAgainMs = 1_000;

/**
 * Waits for a state of objects: they are listed and watched, and looked at after every change.
 *
 * @throws {DrawbridgeError} the code of the last reason (`stack_not_ready`, `pod_unschedulable`, …) at the end of the time, or at
 *   once where waiting cannot help; `canceled`; `kubernetes_forbidden`, `kubernetes_unauthenticated`
 */
export async function waitFor<T>(wait: Wait<T>, clock: Clock, options: WaitOptions = {}): Promise<T> {
  const { timeoutMs = 300_000, onWaiting = () => undefined } = options;
  const what = options.what ?? wait.what;
  options.signal?.throwIfAborted();
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  const began = clock.now();
  const deadline = began + timeoutMs;
  let changed = Promise.withResolvers<void>();
  const runs = wait.watched.map((watched) => watched.run(signal, () => changed.resolve()));
  let told: string | undefined;
  try {
    for (;;) {
      changed = Promise.withResolvers();
      const unknown = firstOf(wait.watched, (watched) => watched.unknown());
      const look = unknown ? { waiting: unknown } : await wait.look(signal);
      if ('done' in look) return look.done;
      const { waiting } = look;
      const leftMs = deadline - clock.now();
      if (waiting.hopeless === true || leftMs <= 0) throw await givenUp(wait, waiting, what, timeoutMs);
      const early = waiting.passing === true && clock.now() - began < lookAgainMs;
      if (waiting.text !== told && !early) {
        told = waiting.text;
        onWaiting(told);
      }
      await either(changed.promise, clock, Math.min(leftMs, lookAgainMs), signal);
    }
  } catch (error) {
    throw options.signal?.aborted ? stopped(options.signal, what) : error;
  } finally {
    ending.abort();
    await Promise.all(runs);
  }
}

/** Until a change, at most for some time. */
async function either(change: Promise<void>, clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const pause = clock.sleep(ms, AbortSignal.any([signal, over.signal])).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  try {
    await Promise.race([change, pause]);
  } finally {
    over.abort();
    await pause;
  }
}

async function givenUp<T>(
  wait: Wait<T>,
  reason: Reason,
  what: string,
  timeoutMs: number,
): Promise<DrawbridgeError> {
  const { code, text, where, saw, why, fix, hopeless } = await explained(wait, reason);
  return new DrawbridgeError(code, {
    message:
      hopeless === true
        ? `${what} cannot get ready: ${text}.`
        : `${what} did not get ready in ${secondsText(timeoutMs)}: ${text}.`,
    ...(where === undefined ? {} : { where }),
    ...(saw === undefined ? {} : { saw }),
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
  });
}

async function explained<T>({ explain }: Wait<T>, reason: Reason): Promise<Reason> {
  if (!explain) return reason;
  // The cluster may be in the state that it is waited for to leave: what is known already is told in any case.
  return await explain(reason).catch(() => reason);
}

function stopped(signal: AbortSignal, what: string): DrawbridgeError {
  const late = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return new DrawbridgeError(late ? 'timeout' : 'canceled', {
    message: `${what} was no longer waited for.`,
    cause: signal.reason,
  });
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
