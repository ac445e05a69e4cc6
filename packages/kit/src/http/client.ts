import type { Agent, fetch as undiciFetch } from 'undici';
import { DrawbridgeError } from '../errors/index.ts';
import type { Secret } from '../secret/index.ts';
import { currentRequestId } from '../trace/index.ts';
import { parseAddress } from './addresses.ts';
import type { Budget, Priority } from './budget.ts';
import { createAgent } from './dialer.ts';
import { translateFetchError } from './translate.ts';

/** The request options our fetch takes: the standard ones, `priority` choosing the lane of the budget. */
export type FetchInit = Omit<RequestInit, 'priority'> & { readonly priority?: Priority };

/** The one fetch of the product. It fits wherever a standard `fetch` is taken, openid-client and jose included. */
export type Fetch = (input: string | URL, init?: FetchInit) => Promise<Response>;

/** A client certificate with its intermediates, and its key; both PEM. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: Secret<string>;
}

export interface HttpClientOptions {
  /** Origin → address to dial for it. The URL, the Host header and TLS's server name stay those of the origin. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca?: string | readonly string[];
  /** Shown to every server that asks for one. */
  readonly clientCertificate?: ClientIdentity;
  /** Whole call, body included, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest response body in bytes. Default 10 MiB. */
  readonly maxResponseBytes?: number;
  /** Connections to one origin, and so calls to it at once: further ones wait their turn. Default: no limit. */
  readonly connections?: number;
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
 * asked for, and the trace context and request id go along. Errors are DrawbridgeErrors: `timeout`, `canceled`, `unreachable`,
 * `response_too_large`, `untrusted_certificate`, `invalid_response` for a redirect that was not asked for.
 * Reading the body is part of the call: its failures are translated by {@link readJson} and {@link readText}.
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
  // Wrong addresses are said now, not at the first call.
  for (const [origin, address] of Object.entries(options.addresses ?? {})) parseAddress(address, origin);
  let closed = false;
  let connecting: Promise<Connection> | undefined;
  const connection = () => {
    if (closed) throw new DrawbridgeError('shutting_down', { message: 'The HTTP client is closed.' });
    connecting ??= connect(options, timeoutMs);
    return connecting;
  };

  const call: Fetch = async (input, init = {}) => {
    const url = new URL(input);
    const { priority, ...rest } = init;
    const method = rest.method ?? 'GET';
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = rest.signal ? AbortSignal.any([rest.signal, deadline]) : deadline;
    let began: number | undefined;
    let status = 0;
    try {
      await options.budget?.take(priority ?? 'high', signal);
      const { agent, fetch, addTrace } = await connection();
      const headers = new Headers(rest.headers);
      if (!headers.has('user-agent')) headers.set('user-agent', options.userAgent ?? 'drawbridge');
      const requestId = currentRequestId();
      if (requestId && !headers.has('x-request-id')) headers.set('x-request-id', requestId);
      // A compressed answer could unfold far beyond the size limit, which counts what comes over the wire.
      headers.set('accept-encoding', 'identity');
      addTrace(headers);
      const request = {
        ...rest,
        redirect: rest.redirect ?? 'manual',
        headers: Object.fromEntries(headers),
        signal,
        dispatcher: agent,
      };
      began = performance.now();
      // undici's own fetch: Node's global one does not take a dispatcher of another undici copy.
      const response = (await fetch(url, request as unknown as UndiciInit)) as unknown as Response;
      status = response.status;
      await refuseUnexpected(response, url, rest.redirect === undefined);
      return response;
    } catch (error) {
      throw translateFetchError(error, url, rest.signal ?? undefined, timeoutMs);
    } finally {
      if (began !== undefined) options.onCall?.({ url, method, status, ms: performance.now() - began });
    }
  };
  return {
    fetch: call,
    close: async () => {
      closed = true;
      await (await connecting)?.agent.close();
    },
  };
}

interface Connection {
  readonly agent: Agent;
  readonly fetch: typeof undiciFetch;
  /** Adds the trace context that is active where it is called. */
  readonly addTrace: (headers: Headers) => void;
}

/** Loads the HTTP stack at the first call: a command that makes none must not wait for it. */
async function connect(options: HttpClientOptions, timeoutMs: number): Promise<Connection> {
  const [undici, { context, propagation }] = await Promise.all([
    import('undici'),
    import('@opentelemetry/api'),
  ]);
  const agent = createAgent(undici, {
    addresses: options.addresses ?? {},
    ca: options.ca,
    identity: options.clientCertificate,
    connectMs: Math.min(timeoutMs, 5_000),
    responseMs: timeoutMs,
    maxResponseBytes: options.maxResponseBytes ?? 10 * 1024 * 1024,
    connections: options.connections,
  });
  return {
    agent,
    fetch: undici.fetch,
    addTrace: (headers) =>
      propagation.inject(context.active(), headers, {
        set: (carrier, key, value) => carrier.set(key, value),
      }),
  };
}

/** A redirect would carry a request on to where nobody meant it; a compressed body escapes the size limit. */
async function refuseUnexpected(response: Response, url: URL, refuseRedirect: boolean): Promise<void> {
  const location = response.headers.get('location');
  const redirected = refuseRedirect && response.status >= 300 && response.status < 400 && location !== null;
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  if (!redirected && encoding === 'identity') return;
  await response.body?.cancel();
  const target = redirected && URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  throw new DrawbridgeError('invalid_response', {
    message: redirected
      ? `${url.host} redirects elsewhere, which is not followed here.`
      : `${url.host} sent a compressed answer that was not asked for.`,
    where: `${url.origin}${url.pathname}`,
    saw: redirected ? `${response.status} to ${target?.origin ?? ''}${target?.pathname ?? ''}` : encoding,
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
  } catch {
    throw new DrawbridgeError('invalid_response', {
      message: 'The answer is not JSON.',
      where: withoutQuery(response.url),
      // Never the body itself, nor the parser's error, which quotes it: it may hold a token in whatever form it has.
      saw: `${response.status} ${response.headers.get('content-type') ?? 'without a content type'}, ${text.length} characters`,
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
