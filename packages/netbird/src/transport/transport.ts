import {
  type Breaker,
  type Clock,
  createBreaker,
  DrawbridgeError,
  type Fetch,
  isTransient,
  type Logger,
  newId,
  type Priority,
  readText,
  retry,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { NetbirdError } from './error.ts';
import { translateAnswer } from './translate.ts';

/** What any call to NetBird may be told. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** `high` for a person who waits, `low` for background work. Default `high`. */
  readonly priority?: Priority;
  /** Sent along and logged, so that one request can be followed. Default: a new one. */
  readonly requestId?: string;
}

/** Which NetBird is called, with which token. */
export interface TransportOptions {
  /** URL of the management server, without `/api` and without a slash at the end. */
  readonly url: string;
  /** A personal access token. */
  readonly token: Secret;
  readonly fetch: Fetch;
  /** One call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly breaker?: Breaker;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** Calls of one NetBird. */
export interface Transport {
  readonly url: string;
  /**
   * One call of the REST API. A GET, PUT or DELETE is tried again where it may help; a POST only when it was certainly
   * never done. Paths start with a slash and have their ids encoded.
   *
   * @throws {DrawbridgeError} `unreachable`, `timeout`, `canceled`, `circuit_open`, `rate_limited`, `invalid_response`,
   * `netbird_unauthenticated`, `netbird_forbidden`, `netbird_not_found`, `netbird_already_exists`,
   * `netbird_precondition`, `netbird_invalid_argument`, `netbird_unimplemented`, `netbird_failed`
   */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<unknown>;
}

/** Never a name with "terraform" in it: NetBird lets such callers past its rate limit, which is not meant for us. */
const userAgent = 'drawbridge';
/** Failures of making the connection: the request was never seen by anyone. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
]);

/** Makes the transport: token, request id, deadline, retry where a repeat is safe, and a circuit breaker. */
export function createTransport(options: TransportOptions): Transport {
  const { url, token, clock = systemClock, logger = silentLogger } = options;
  const breaker = options.breaker ?? createBreaker({ name: url });

  const send = async (
    method: string,
    path: string,
    content: string | undefined,
    call: CallOptions,
    requestId: string,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const response = await options.fetch(`${url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Token ${token.expose()}`,
        'user-agent': userAgent,
        'x-request-id': requestId,
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(content === undefined ? {} : { body: content }),
      priority: call.priority ?? 'high',
      signal,
    });
    const body = await readText(response);
    const where = `${url}${path.split('?')[0]}`;
    if (response.status === 200) return parseJson(body, where);
    throw translateAnswer({ status: response.status, headers: response.headers, body, where });
  };

  return {
    url,
    async call(method, path, body, call = {}) {
      const content = body === undefined ? undefined : JSON.stringify(body);
      const requestId = call.requestId ?? newId();
      const deadline = AbortSignal.timeout(options.totalMs ?? 30_000);
      const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
      const began = clock.now();
      let lastFailure: unknown;
      const log = (fields: { readonly code?: string; readonly attempt?: number }, message: string) =>
        logger.debug(
          { instance: url, path, request_id: requestId, method, ms: clock.now() - began, ...fields },
          message,
        );
      try {
        const work = () => breaker.run(() => send(method, path, content, call, requestId, signal));
        const answer = await retry(work, {
          clock,
          signal,
          retryable: method === 'POST' ? wasNeverDone : mayPass,
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
        if (!call.signal?.aborted && lastFailure instanceof DrawbridgeError) throw lastFailure;
        const reason = call.signal?.aborted ? call.signal.reason : error;
        const late = reason instanceof Error && reason.name === 'TimeoutError';
        throw new DrawbridgeError(late ? 'timeout' : call.signal?.aborted ? 'canceled' : 'internal', {
          where: `${url}${path.split('?')[0]}`,
          cause: error,
        });
      }
    },
  };
}

function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof NetbirdError && error.code === 'netbird_failed');
}

/** The limit is checked before anything is done, and an open circuit sends nothing. */
function wasNeverDone(error: unknown): boolean {
  if (!(error instanceof DrawbridgeError)) return false;
  if (error.code === 'rate_limited' || error.code === 'circuit_open') return true;
  return error.code === 'unreachable' && error.saw !== undefined && neverSent.has(error.saw);
}

/** No cause: a SyntaxError quotes its input, and an answer may hold a token. */
function parseJson(body: string, where: string): unknown {
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
