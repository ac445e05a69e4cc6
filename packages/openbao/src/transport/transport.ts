import {
  type CallerOptions,
  type CallOptions as CommonOptions,
  createCaller,
  DrawbridgeError,
  type Fetch,
  isTransient,
  parseJson,
  readText,
  Secret,
  wasNeverDone,
} from '@drawbridge/kit';
import { OpenbaoError } from './error.ts';
import { translateAnswer } from './translate.ts';

/** What any call to OpenBao may be told. */
export interface CallOptions extends CommonOptions {
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
export interface TransportOptions extends CallerOptions {
  /** URL of the server, without `/v1` and without a slash at the end. */
  readonly url: string;
  readonly namespace?: string;
  readonly token?: Secret | TokenProvider;
  readonly fetch: Fetch;
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

/** OpenBao refuses larger bodies itself. */
const largestBody = 32 * 1024 * 1024;

/** Makes the transport: token and namespace in headers, deadline, retry where a repeat is safe, and a circuit breaker. */
export function createTransport(options: TransportOptions): Transport {
  const { url, namespace } = options;
  const make = createCaller(url, options);

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
    if (status === 200 || request.alsoFine?.includes(status))
      return body === '' ? undefined : parseJson(body, where);
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
      const repeatable = request.repeatable ?? (method === 'GET' || method === 'DELETE');
      const shape = {
        path: path.split('?')[0] ?? path,
        method,
        where,
        retryable: repeatable ? mayPass : wasCertainlyNotDone,
      };
      return await make(shape, call, (attempt) =>
        sendAsWhom(request, content, call.token, { ...call, ...attempt }),
      );
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

/** A 502 is the limit of something behind OpenBao, which may have done its part; an engine that is not ready has done nothing. */
function wasCertainlyNotDone(error: unknown): boolean {
  if (!(error instanceof OpenbaoError)) return wasNeverDone(error);
  return error.code === 'openbao_upgrading' || (wasNeverDone(error) && error.status !== 502);
}

/** Fields of bodies that hold a credential: none of them may come back in an error. */
const secretFields = ['jwt', 'password', 'token', 'key'];

function secretsIn(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    secretFields.includes(name) && typeof value === 'string' ? [value] : [],
  );
}
