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
import type { MethodName, RequestOf, ResponseOf } from '../wire/index.ts';
import { ZitadelError } from './error.ts';
import { translateAnswer } from './translate.ts';

/** What any call to Zitadel may be told. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** `high` for a person who waits, `low` for background work. Default `high`. */
  readonly priority?: Priority;
  /** Sent along and logged, so that one request can be followed. Default: a new one. */
  readonly requestId?: string;
}

/** What only the services of this package decide. */
export interface TransportCall extends CallOptions {
  /**
   * Whether a repeat does no harm although the first try may have worked. Reads are; of writes, those whose repeat is
   * recognised.
   */
  readonly repeatable?: boolean;
  /** Organization whose context the call has (`x-zitadel-orgid`). */
  readonly organization?: string;
}

/** Where access tokens come from. */
export interface TokenPort {
  get(options?: { readonly signal?: AbortSignal }): Promise<Secret<string>>;
  invalidate(refused: Secret<string>): void;
}

/** Which instance is called, with whose tokens. */
export interface TransportOptions {
  readonly issuer: string;
  readonly fetch: Fetch;
  readonly token: TokenPort;
  /** One call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly breaker?: Breaker;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** Calls of one Zitadel instance. */
export interface Transport {
  /** A Connect unary call in JSON. @see https://connectrpc.com/docs/protocol */
  call<M extends MethodName>(
    method: M,
    request: RequestOf<M>,
    options?: TransportCall,
  ): Promise<ResponseOf<M>>;
  /** A REST call of the v1 services, or of OIDC's userinfo. The path starts with a slash. */
  rest(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options?: TransportCall,
  ): Promise<unknown>;
}

/** gRPC's own limit, which the REST gateway of 4.13 has too. */
const largestRequest = 4 * 1024 * 1024;
/** Failures of making the connection: the request was never seen by anyone. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
]);

/**
 * Makes the transport: bearer token (renewed once after a 401), request id, deadline, retry where a repeat is safe, and a
 * circuit breaker for the instance.
 *
 * A write that may or may not have happened is not repeated; its error says `timeout` or `unreachable`, and the caller
 * looks before it acts again.
 */
export function createTransport(options: TransportOptions): Transport {
  const { issuer, clock = systemClock, logger = silentLogger } = options;
  const breaker = options.breaker ?? createBreaker({ name: issuer });

  /** Failures to get a token: the token source has tried again already. */
  const tokenFailures = new WeakSet<WeakKey>();
  const noteFailure = (token: Promise<Secret<string>>): Promise<Secret<string>> =>
    token.catch((error: unknown) => {
      if (error instanceof Error) tokenFailures.add(error);
      throw error;
    });

  const send = async (
    method: string,
    path: string,
    content: string | undefined,
    call: TransportCall,
    requestId: string,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const url = `${issuer}${path}`;
    for (let renewed = false; ; renewed = true) {
      const token = await noteFailure(options.token.get({ signal }));
      const response = await options.fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token.expose()}`,
          'x-request-id': requestId,
          ...(isConnect(path) ? { 'connect-protocol-version': '1' } : {}),
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
          ...(call.organization === undefined ? {} : { 'x-zitadel-orgid': call.organization }),
        },
        ...(content === undefined ? {} : { body: content }),
        priority: call.priority ?? 'high',
        signal,
      });
      const body = await readText(response);
      if (response.status === 200) return parseJson(body, path);
      const failure = { status: response.status, headers: response.headers, body };
      if (response.status === 401 && !renewed) {
        options.token.invalidate(token);
        continue;
      }
      throw translateAnswer({ ...failure, where: url.split('?')[0] ?? url });
    }
  };

  const run = async (
    method: string,
    path: string,
    body: unknown,
    call: TransportCall,
    repeatable: boolean,
  ): Promise<unknown> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    if (text !== undefined && Buffer.byteLength(text) > largestRequest) {
      throw new DrawbridgeError('too_large', {
        message: 'The request to Zitadel is larger than 4 MiB.',
        where: path,
      });
    }
    const requestId = call.requestId ?? newId();
    const deadline = AbortSignal.timeout(options.totalMs ?? 30_000);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    const began = clock.now();
    let lastFailure: unknown;
    const log = (fields: { readonly code?: string; readonly attempt?: number }, message: string) =>
      logger.debug(
        { instance: issuer, path, request_id: requestId, ms: clock.now() - began, ...fields },
        message,
      );
    try {
      const answer = await retry(() => breaker.run(() => send(method, path, text, call, requestId, signal)), {
        clock,
        signal,
        retryable: (error) =>
          !(error instanceof Error && tokenFailures.has(error)) &&
          (repeatable ? mayPass(error) : wasNeverDone(error)),
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
      throw inTime(error, call.signal, path);
    }
  };

  return {
    call: async (method, request, call = {}) => {
      const repeatable = call.repeatable ?? /\/(Get|List)/.test(method);
      const answer = await run('POST', `/${method}`, request, call, repeatable);
      return asObject(answer, method) as ResponseOf<typeof method>;
    },
    rest: (method, path, body, call = {}) =>
      run(method, path, body, call, call.repeatable ?? method === 'GET'),
  };
}

/** Procedures are named by their package; REST paths by a version. */
function isConnect(path: string): boolean {
  return path.startsWith('/zitadel.');
}

/** Our deadline while waiting between tries, or the caller's abort. */
function inTime(error: unknown, signal: AbortSignal | undefined, where: string): DrawbridgeError {
  const reason = signal?.aborted ? signal.reason : error;
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  return late
    ? new DrawbridgeError('timeout', { where, cause: error })
    : signal?.aborted
      ? new DrawbridgeError('canceled', { where, cause: error })
      : DrawbridgeError.from(error);
}

function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof ZitadelError && error.code === 'zitadel_failed');
}

function wasNeverDone(error: unknown): boolean {
  if (!(error instanceof DrawbridgeError)) return false;
  if (error.code === 'rate_limited' || error.code === 'circuit_open') return true;
  return error.code === 'unreachable' && error.saw !== undefined && neverSent.has(error.saw);
}

/** No cause: a SyntaxError quotes its input, and an answer may hold a secret. */
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

function asObject(answer: unknown, method: string): object {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer;
  throw new DrawbridgeError('invalid_response', { message: 'The answer is no JSON object.', where: method });
}
