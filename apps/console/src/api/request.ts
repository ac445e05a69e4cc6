import { ProblemError, readProblem } from './problem.ts';
import { currentCsrfToken, setSignedOut } from './session.ts';

type Value = string | number | boolean;
/** A list is given as the parameter several times. */
export type Query = Readonly<Record<string, Value | readonly Value[] | null | undefined>>;

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  /** Sent as JSON, or as it is when a string of another type is given with `contentType`. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Version that the change was made on; sent as If-Match. */
  readonly version?: number | undefined;
  /** Makes a repeat of the same press of a button the same request. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the page stops waiting; 30 000 when absent. */
  readonly timeoutMs?: number;
}

/**
 * One call of the directory's API with the session's cookie. Unsafe methods carry the CSRF token.
 *
 * @throws {ProblemError} for every answer that is no success, and when there was none
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', query, signal, timeoutMs = 30_000 } = options;
  const url = withQuery(path, query);
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: headersOf(options, method),
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...bodyOf(options),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ProblemError({
      status: 0,
      code: 'unreachable',
      title: 'Drawbridge did not answer.',
      detail: timeout.aborted
        ? `Drawbridge did not answer within ${timeoutMs / 1_000} s.`
        : 'Drawbridge could not be reached from this browser.',
      fix: 'Check the network, then try again. Nothing is known to have changed.',
      where: `${method} ${url}`,
    });
  }
  if (response.ok) {
    setSignedOut(false);
    return response;
  }
  if (response.status === 401) setSignedOut(true);
  throw new ProblemError(await readProblem(response, `${method} ${path}`));
}

function headersOf(options: RequestOptions, method: string): Record<string, string> {
  const token = currentCsrfToken();
  return {
    accept: 'application/json',
    ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
    ...(method !== 'GET' && token !== undefined ? { 'x-csrf-token': token } : {}),
    ...(options.version === undefined ? {} : { 'if-match': `"v${options.version}"` }),
    ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
  };
}

function bodyOf({ body, contentType }: RequestOptions): { body?: string } {
  if (body === undefined) return {};
  return { body: contentType !== undefined && typeof body === 'string' ? body : JSON.stringify(body) };
}

/** A path with the query parameters that have a value. */
export function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .flatMap((one) => (one === undefined || one === null || one === '' ? [] : [[name, String(one)]])),
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}
