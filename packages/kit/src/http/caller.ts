import { type Clock, systemClock } from '../clock/index.ts';
import { DrawbridgeError } from '../errors/index.ts';
import { newId } from '../ids/index.ts';
import { type Logger, silentLogger } from '../log/index.ts';
import { type Breaker, createBreaker, retry } from '../resilience/index.ts';
import type { Priority } from './budget.ts';
import { timeoutAt } from './translate.ts';

/** What any call to a server may be told. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** `high` for a person who waits, `low` for background work. Default `high`. */
  readonly priority?: Priority;
  /** Sent along and logged, so that one request can be followed. Default: a new one. */
  readonly requestId?: string;
}

/** How one server is called. */
export interface CallerOptions {
  /** One call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly breaker?: Breaker;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** One call, whatever goes over the wire for it. */
interface ServerCall {
  /** As it is logged. */
  readonly path: string;
  readonly method?: string;
  /** What errors of ours name as the place. */
  readonly where: string;
  /** Whether it may be made again after this failure. */
  readonly retryable: (error: unknown) => boolean;
}

/** What one try of a call goes by. */
interface CallAttempt {
  readonly requestId: string;
  /** Aborted with the caller's own and at the end of the time for the whole call. */
  readonly signal: AbortSignal;
}

/** Makes a call: tries it, and again where that is safe, until its time is over. */
type ServerCaller = <T>(
  call: ServerCall,
  options: CallOptions,
  work: (attempt: CallAttempt) => Promise<T>,
) => Promise<T>;

/**
 * Makes what calls one server: request id, deadline, circuit breaker, retry where it is safe, and a line in the log for each.
 *
 * A caller throws what `work` throws, and `timeout`, `canceled` or `circuit_open`. Where the time ran out while it waited for the
 * next try, it throws what the last one failed with.
 *
 * @param server names it in the log and in the breaker's errors
 * @example
 * ```ts
 * import { createCaller, isTransient } from '@drawbridge/kit';
 *
 * const call = createCaller('https://billing.acme.example', { totalMs: 5_000 });
 * const where = 'https://billing.acme.example/invoices';
 * const answer = await call({ path: '/invoices', where, retryable: isTransient }, {}, async ({ requestId, signal }) =>
 *   await fetch(where, { headers: { 'x-request-id': requestId }, signal }),
 * );
 * console.log(answer.status);
 * ```
 */
export function createCaller(server: string, options: CallerOptions = {}): ServerCaller {
  const { totalMs = 30_000, clock = systemClock, logger = silentLogger } = options;
  const breaker = options.breaker ?? createBreaker({ name: server });
  return async ({ path, method, where, retryable }, call, work) => {
    const requestId = call.requestId ?? newId();
    const deadline = AbortSignal.timeout(totalMs);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    const began = clock.now();
    let lastFailure: unknown;
    const log = (fields: { readonly code?: string; readonly attempt?: number }, message: string) =>
      logger.debug(
        {
          instance: server,
          path,
          request_id: requestId,
          ...(method === undefined ? {} : { method }),
          ms: clock.now() - began,
          ...fields,
        },
        message,
      );
    try {
      const answer = await retry(() => breaker.run(() => work({ requestId, signal })), {
        clock,
        signal,
        retryable,
        onRetry: ({ error, attempt }) => {
          lastFailure = error;
          log({ code: DrawbridgeError.from(error).code, attempt }, 'the call is tried again');
        },
        ...(options.random ? { random: options.random } : {}),
      });
      log({}, 'called');
      return answer;
    } catch (error) {
      log({ code: DrawbridgeError.from(error).code }, 'the call failed');
      if (error instanceof DrawbridgeError) throw error;
      // Out of time while waiting for the next try: what made it wait says more than "timeout".
      if (deadline.aborted && !call.signal?.aborted && lastFailure instanceof DrawbridgeError)
        throw lastFailure;
      throw inTime(error, call.signal, where);
    }
  };
}

/** Failures of making the connection: the request was never seen by anyone. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
]);

/** Whether a failed call was certainly never carried out: limits are checked before, and an open circuit sends nothing. */
export function wasNeverDone(error: unknown): boolean {
  if (!(error instanceof DrawbridgeError)) return false;
  if (error.code === 'rate_limited' || error.code === 'circuit_open') return true;
  return error.code === 'unreachable' && error.saw !== undefined && neverSent.has(error.saw);
}

/**
 * Reads an answer that has to be JSON.
 *
 * @throws {DrawbridgeError} `invalid_response`, without a cause: a SyntaxError quotes its input, and an answer may hold a secret
 */
export function parseJson(body: string, where: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new DrawbridgeError('invalid_response', {
      message: 'The answer is not JSON.',
      where,
      saw: `${body.length} characters`,
    });
  }
}

/** Our deadline while waiting between tries, or the caller's abort. */
function inTime(error: unknown, signal: AbortSignal | undefined, where: string): DrawbridgeError {
  const reason = signal?.aborted ? signal.reason : error;
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  if (late) return timeoutAt(where, error);
  return signal?.aborted
    ? new DrawbridgeError('canceled', { where, cause: error })
    : DrawbridgeError.from(error);
}
