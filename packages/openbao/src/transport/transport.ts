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
  Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { OpenbaoError } from './error.ts';
import { translateAnswer } from './translate.ts';

/** What any call to OpenBao may be told. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** `high` for a person who waits, `low` for background work. Default `high`. */
  readonly priority?: Priority;
  /** Sent along and logged, so that one request can be followed. Default: a new one. */
  readonly requestId?: string;
  /** Token for this call in place of the client's. */
  readonly token?: Secret;
}

/** Where the client's token comes from when it is not one that never changes. */
export interface TokenProvider {
  /** The token to use now; it is asked before every call. */
  token(signal?: AbortSignal): Promise<Secret>;
  /**
   * Told of a token that OpenBao refused with 403. True where another one is to be had: then the call is made once more with it.
   * A refusal may also mean that a policy lacks the path.
   */
  refused?(token: Secret, signal?: AbortSignal): Promise<boolean>;
}

/** One request. */
export interface RequestShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Starts with a slash, without `/v1`; its parts are encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether doing it twice is the same as once. Default: for GET and DELETE. */
  readonly repeatable?: boolean;
  /** Leaves the token out: for sign-ins and what anybody may ask. */
  readonly anonymous?: boolean;
  /** Leaves the namespace out: some calls exist only in the root namespace and refuse the header. */
  readonly rootOnly?: boolean;
  /** Whether it is a sign-in, whose refusals are 400. */
  readonly isLogin?: boolean;
  /** Statuses besides 200 and 204 whose body is an answer. */
  readonly alsoFine?: readonly number[];
}

/** Which OpenBao is called, in which namespace, with which token. */
export interface TransportOptions {
  /** URL of the server, without `/v1` and without a slash at the end. */
  readonly url: string;
  readonly namespace?: string;
  readonly token?: Secret | TokenProvider;
  readonly fetch: Fetch;
  /** One call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly breaker?: Breaker;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** Calls of one OpenBao. */
export interface Transport {
  readonly url: string;
  readonly namespace: string | undefined;
  /**
   * One call. What is repeatable is tried again where it may help; all else only when it was certainly never done. Resolves to the
   * body, undefined where there is none.
   *
   * @throws {DrawbridgeError} `unreachable`, `timeout`, `canceled`, `circuit_open`, `rate_limited`, `too_large`,
   * `invalid_response`, `openbao_sealed`, `openbao_standby`, `openbao_denied`, `openbao_login_refused`, `openbao_keys_unreachable`,
   * `openbao_missing_mount`, `openbao_not_found`, `openbao_deleted_version`, `openbao_already_exists`, `openbao_cas_conflict`,
   * `openbao_invalid_argument`, `openbao_upgrading`, `openbao_unsupported`, `openbao_failed`
   */
  call(request: RequestShape, options?: CallOptions): Promise<unknown>;
}

/** Failures of making the connection: the request was never seen by anyone. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
]);
/** OpenBao refuses larger bodies itself. */
const largestBody = 32 * 1024 * 1024;

/** Makes the transport: token and namespace in headers, deadline, retry where a repeat is safe, and a circuit breaker. */
export function createTransport(options: TransportOptions): Transport {
  const { url, namespace, clock = systemClock, logger = silentLogger } = options;
  const breaker = options.breaker ?? createBreaker({ name: url });

  const send = async (
    request: RequestShape,
    content: string | undefined,
    token: Secret | undefined,
    call: CallOptions & { readonly requestId: string; readonly signal: AbortSignal },
  ): Promise<unknown> => {
    const { method, path, anonymous = false, rootOnly = false, isLogin = false } = request;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await options.fetch(`${url}/v1${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'drawbridge',
        // Asked of everybody by upstream's own clients, so that no form of a web page can send it.
        'x-vault-request': 'true',
        'x-request-id': call.requestId,
        ...(token && !anonymous ? { 'x-vault-token': token.expose() } : {}),
        ...(namespace !== undefined && !rootOnly ? { 'x-vault-namespace': namespace } : {}),
        ...(content === undefined ? {} : { 'content-type': type }),
      },
      ...(content === undefined ? {} : { body: content }),
      // A standby sends elsewhere with 307; the token must not follow.
      redirect: 'manual',
      priority: call.priority ?? 'high',
      signal: call.signal,
    });
    const body = await readText(response);
    const { status, headers } = response;
    const where = `${url}/v1${path.split('?')[0]}`;
    if (status === 204) return undefined;
    if (status === 200 || request.alsoFine?.includes(status)) return parseJson(body, where);
    const secrets = [token?.expose() ?? '', ...secretsIn(request.body)];
    throw translateAnswer({ status, headers, body, where, isLogin, secrets });
  };

  /** With a token that was refused: once more where the provider has another. */
  const sendAsWhom: typeof send = async (request, content, token, call) => {
    const provider = options.token instanceof Secret ? undefined : options.token;
    if (request.anonymous || token || !provider)
      return await send(request, content, token ?? secretOf(options.token), call);
    const first = await provider.token(call.signal);
    try {
      return await send(request, content, first, call);
    } catch (error) {
      const isDenied = error instanceof OpenbaoError && error.code === 'openbao_denied';
      if (!isDenied || !(await provider.refused?.(first, call.signal))) throw error;
      return await send(request, content, await provider.token(call.signal), call);
    }
  };

  return {
    url,
    namespace,
    async call(request, call = {}) {
      const { method, path } = request;
      const where = `${url}/v1${path.split('?')[0]}`;
      const content = request.body === undefined ? undefined : JSON.stringify(request.body);
      if (content !== undefined && Buffer.byteLength(content) > largestBody)
        throw new DrawbridgeError('too_large', { where });
      const requestId = call.requestId ?? newId();
      const deadline = AbortSignal.timeout(options.totalMs ?? 30_000);
      const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
      const repeatable = request.repeatable ?? (method === 'GET' || method === 'DELETE');
      const began = clock.now();
      let lastFailure: unknown;
      const log = (fields: { readonly code?: string; readonly attempt?: number }, message: string) =>
        logger.debug(
          {
            instance: url,
            path: path.split('?')[0] ?? path,
            request_id: requestId,
            method,
            ms: clock.now() - began,
            ...fields,
          },
          message,
        );
      try {
        const told = { ...call, requestId, signal };
        const work = () => breaker.run(() => sendAsWhom(request, content, call.token, told));
        const answer = await retry(work, {
          clock,
          signal,
          retryable: repeatable ? mayPass : wasNeverDone,
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
          where,
          cause: error,
        });
      }
    },
  };
}

function secretOf(token: Secret | TokenProvider | undefined): Secret | undefined {
  return token instanceof Secret ? token : undefined;
}

function mayPass(error: unknown): boolean {
  if (isTransient(error)) return true;
  const passing = ['openbao_failed', 'openbao_standby', 'openbao_upgrading'];
  return error instanceof OpenbaoError && passing.includes(error.code);
}

/** Quotas are checked, and engines that are not ready refuse, before anything is done; an open circuit sends nothing. */
function wasNeverDone(error: unknown): boolean {
  if (!(error instanceof DrawbridgeError)) return false;
  if (['rate_limited', 'circuit_open', 'openbao_upgrading'].includes(error.code))
    return !(error instanceof OpenbaoError && error.status === 502);
  return error.code === 'unreachable' && error.saw !== undefined && neverSent.has(error.saw);
}

/** Fields of bodies that hold a credential: none of them may come back in an error. */
const secretFields = ['jwt', 'password', 'token', 'key'];

function secretsIn(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    secretFields.includes(name) && typeof value === 'string' ? [value] : [],
  );
}

/** No cause: a SyntaxError quotes its input, and an answer may hold a token. */
function parseJson(body: string, where: string): unknown {
  if (body === '') return undefined;
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
