import { context, propagation } from '@opentelemetry/api';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { DrawbridgeError } from '../errors/index.ts';
import { type DialAddress, parseAddress } from './addresses.ts';
import type { Budget, Priority } from './budget.ts';
import { translateFetchError } from './translate.ts';

/** The request options our fetch takes: the standard ones, `priority` choosing the lane of the budget. */
export type FetchInit = Omit<RequestInit, 'priority'> & { readonly priority?: Priority };

/** The one fetch of the product. It fits wherever a standard `fetch` is taken, openid-client and jose included. */
export type Fetch = (input: string | URL, init?: FetchInit) => Promise<Response>;

export interface HttpClientOptions {
  /** Origin → address to dial for it. The URL, the Host header and TLS's server name stay those of the origin. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca?: string | readonly string[];
  /** Whole call, body included, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest response body in bytes. Default 10 MiB. */
  readonly maxResponseBytes?: number;
  /** Admission for every call made through this client. */
  readonly budget?: Budget;
  /** Name sent as user agent. Default `drawbridge`. */
  readonly userAgent?: string;
  /** Called once a call, for metrics. `status` is 0 where there was no answer. */
  readonly onCall?: (call: {
    readonly url: URL;
    readonly method: string;
    readonly status: number;
    readonly ms: number;
  }) => void;
}

export interface HttpClient {
  readonly fetch: Fetch;
  /** Closes the connections once their calls have ended. */
  close(): Promise<void>;
}

type UndiciInit = NonNullable<Parameters<typeof undiciFetch>[1]>;

/**
 * Makes the HTTP client of one remote system. Every call has a deadline and a size limit, redirects are refused unless
 * asked for, and the trace context goes along. Errors are DrawbridgeErrors: `timeout`, `canceled`, `unreachable`,
 * `response_too_large`.
 *
 * `fetch` drops a Host header silently, so a server behind another address is reached by dialling there, never by
 * setting Host.
 *
 * @example
 * ```ts
 * import { createHttpClient } from '@drawbridge/kit';
 *
 * const http = createHttpClient({ addresses: { 'https://sso.acme.example': '10.0.3.7:8443' } });
 * const answer = await http.fetch('https://sso.acme.example/.well-known/openid-configuration');
 * await http.close();
 * ```
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const agent = createAgent(options, timeoutMs);

  const call: Fetch = async (input, init = {}) => {
    const url = new URL(input);
    const { priority, ...rest } = init;
    const method = rest.method ?? 'GET';
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = rest.signal ? AbortSignal.any([rest.signal, deadline]) : deadline;
    const began = performance.now();
    let status = 0;
    try {
      await options.budget?.take(priority ?? 'high', signal);
      const headers = new Headers(rest.headers);
      if (!headers.has('user-agent')) headers.set('user-agent', options.userAgent ?? 'drawbridge');
      propagation.inject(context.active(), headers, {
        set: (carrier, key, value) => carrier.set(key, value),
      });
      const request = {
        redirect: 'error',
        ...rest,
        headers: Object.fromEntries(headers),
        signal,
        dispatcher: agent,
      };
      // undici's own fetch: Node's global one does not take a dispatcher of another undici copy.
      const response = await undiciFetch(url, request as unknown as UndiciInit);
      status = response.status;
      return response as unknown as Response;
    } catch (error) {
      throw translateFetchError(error, url, rest.signal ?? undefined, timeoutMs);
    } finally {
      options.onCall?.({ url, method, status, ms: performance.now() - began });
    }
  };
  return { fetch: call, close: () => agent.close() };
}

function createAgent(options: HttpClientOptions, timeoutMs: number): Agent {
  const dial = new Map<string, DialAddress>();
  for (const [origin, address] of Object.entries(options.addresses ?? {})) {
    dial.set(new URL(origin).host, parseAddress(address, origin));
  }
  const ca =
    options.ca === undefined ? {} : { ca: typeof options.ca === 'string' ? options.ca : [...options.ca] };
  const connect = buildConnector({ timeout: Math.min(timeoutMs, 5_000), ...ca });
  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: options.maxResponseBytes ?? 10 * 1024 * 1024,
    connect: (target, callback) => {
      const origin = target.port ? `${target.hostname}:${target.port}` : target.hostname;
      const to = dial.get(origin);
      const servername = target.servername ?? target.hostname;
      connect(to ? { ...target, hostname: to.host, port: String(to.port), servername } : target, callback);
    },
  });
}

/**
 * Reads a response as JSON.
 *
 * @throws {DrawbridgeError} `invalid_response` when it is not JSON, else as the client's fetch
 */
export async function readJson(response: Response): Promise<unknown> {
  const text = await readText(response);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DrawbridgeError('invalid_response', {
      message: 'The answer is not JSON.',
      where: withoutQuery(response.url),
      // Never the body itself: a token endpoint's answer may hold a token in whatever form it has.
      saw: `${response.status} ${response.headers.get('content-type') ?? 'without a content type'}, ${text.length} characters`,
      cause,
    });
  }
}

/** Reads a response as text, with failures of the body translated like those of the call. */
export async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw translateFetchError(error, new URL(response.url || 'about:blank'), undefined, 0);
  }
}

function withoutQuery(url: string): string {
  return url.split('?')[0] ?? url;
}
