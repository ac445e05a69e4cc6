import {
  type CallerOptions,
  type CallOptions,
  createCaller,
  DrawbridgeError,
  type Fetch,
  isTransient,
  parseJson,
  readText,
  type Secret,
  wasNeverDone,
} from '@drawbridge/kit';
import type { MethodName, RequestOf, ResponseOf } from '../wire/index.ts';
import { ZitadelError } from './error.ts';
import { translateAnswer } from './translate.ts';

export type { CallOptions } from '@drawbridge/kit';

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
export interface TransportOptions extends CallerOptions {
  readonly issuer: string;
  readonly fetch: Fetch;
  readonly token: TokenPort;
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
/**
 * Makes the transport: bearer token (renewed once after a 401), request id, deadline, retry where a repeat is safe, and a
 * circuit breaker for the instance.
 *
 * A write that may or may not have happened is not repeated; its error says `timeout` or `unreachable`, and the caller
 * looks before it acts again.
 */
export function createTransport(options: TransportOptions): Transport {
  const { issuer } = options;
  const make = createCaller(issuer, options);

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
    const retryable = (error: unknown) =>
      !(error instanceof Error && tokenFailures.has(error)) &&
      (repeatable ? mayPass(error) : wasNeverDone(error));
    return await make({ path, where: path, retryable }, call, ({ requestId, signal }) =>
      send(method, path, text, call, requestId, signal),
    );
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

function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof ZitadelError && error.code === 'zitadel_failed');
}

function asObject(answer: unknown, method: string): object {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer;
  throw new DrawbridgeError('invalid_response', { message: 'The answer is no JSON object.', where: method });
}
