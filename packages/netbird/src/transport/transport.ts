import {
  type CallerOptions,
  type CallOptions,
  createCaller,
  type Fetch,
  isTransient,
  parseJson,
  readText,
  type Secret,
  wasNeverDone,
} from '@drawbridge/kit';
import { NetbirdError } from './error.ts';
import { translateAnswer } from './translate.ts';

export type { CallOptions } from '@drawbridge/kit';

/** Which NetBird is called, with which token. */
export interface TransportOptions extends CallerOptions {
  /** URL of the management server, without `/api` and without a slash at the end. */
  readonly url: string;
  /** A personal access token. */
  readonly token: Secret;
  readonly fetch: Fetch;
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
/** Makes the transport: token, request id, deadline, retry where a repeat is safe, and a circuit breaker. */
export function createTransport(options: TransportOptions): Transport {
  const { url, token } = options;
  const make = createCaller(url, options);
  return {
    url,
    call: async (method, path, body, call = {}) => {
      const content = body === undefined ? undefined : JSON.stringify(body);
      const where = `${url}${path.split('?')[0]}`;
      const retryable = method === 'POST' ? wasNeverDone : mayPass;
      return await make({ path, method, where, retryable }, call, async ({ requestId, signal }) => {
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
        const answer = await readText(response);
        if (response.status === 200) return parseJson(answer, where);
        throw translateAnswer({ status: response.status, headers: response.headers, body: answer, where });
      });
    },
  };
}

function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof NetbirdError && error.code === 'netbird_failed');
}
