import { type Clock, systemClock } from '../clock/index.ts';
import { DrawbridgeError } from '../errors/index.ts';

export interface RetryOptions {
  /** Tries in all, the first included. Default 4. */
  readonly attempts?: number;
  /** Upper bound of the first wait in milliseconds; doubled each time. Default 200. */
  readonly baseMs?: number;
  /** Upper bound of any wait in milliseconds. Default 10,000. */
  readonly maxMs?: number;
  /** A `retryAfterSeconds` beyond this many milliseconds is not waited for: the failure is thrown. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  /** Which failures are worth another try. Default: {@link isTransient}. */
  readonly retryable?: (error: unknown) => boolean;
  /** Told of every failure that will be tried again. */
  readonly onRetry?: (event: {
    readonly error: unknown;
    readonly attempt: number;
    readonly waitMs: number;
  }) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default Math.random. */
  readonly random?: () => number;
}

/**
 * Runs `work` until it succeeds, with full jitter between tries: each wait is uniform between nothing and a bound that
 * doubles, so that many callers do not come back together. A `retryAfterSeconds` on the error is honoured.
 *
 * @throws what the last try threw, or the signal's reason
 * @example
 * ```ts
 * import { retry } from '@drawbridge/kit';
 *
 * const answer = await retry(async (attempt) => `worked at try ${attempt}`);
 * ```
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const {
    attempts = 4,
    maxRetryAfterMs = 60_000,
    clock = systemClock,
    retryable = isTransient,
    signal,
  } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !retryable(error)) throw error;
      const askedMs = retryAfterMs(error);
      if (askedMs > maxRetryAfterMs) throw error;
      const waitMs = Math.max(backoff(attempt, options), askedMs);
      options.onRetry?.({ error, attempt, waitMs });
      await clock.sleep(waitMs, signal);
    }
  }
}

/** How long to wait after failure number `attempt`, in milliseconds. */
export function backoff(
  attempt: number,
  options: Pick<RetryOptions, 'baseMs' | 'maxMs' | 'random'> = {},
): number {
  const { baseMs = 200, maxMs = 10_000, random = Math.random } = options;
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}

const transient = new Set(['unreachable', 'timeout', 'rate_limited', 'circuit_open']);

/** Whether a failure says nothing about the request itself, so that the same request may succeed later. */
export function isTransient(error: unknown): boolean {
  return error instanceof DrawbridgeError && transient.has(error.code);
}

function retryAfterMs(error: unknown): number {
  return error instanceof DrawbridgeError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
}
