import {
  type Breaker,
  type CallOptions,
  type Clock,
  createCaller,
  createHttpClient,
  type Fetch,
  type HttpClient,
  type HttpClientOptions,
  isTransient,
  type Logger,
  parseJson,
  readText,
  systemClock,
  wasNeverDone,
} from '@drawbridge/kit';
import type { ClusterAccess, ClusterCredentials } from './access.ts';
import { KubernetesError, translateAnswer } from './errors.ts';

/** What one call to kube-apiserver is. */
export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with a slash; the server's own path comes before it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Whether a repeat does no harm although the first try may have worked. Default: reads. */
  readonly repeatable?: boolean;
}

export interface ConnectionOptions {
  readonly access: ClusterAccess;
  /** One try, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** A call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly userAgent?: string;
  readonly onCall?: HttpClientOptions['onCall'];
  /** Instead of connections of its own, which then show no client certificate. */
  readonly fetch?: Fetch;
  /** Default one that pauses calls after five failures. Electors need one that does not. */
  readonly breaker?: Breaker;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** Calls of one kube-apiserver: credentials, deadline, retry where that is safe, errors translated. */
export interface Connection {
  readonly server: string;
  call(request: ClusterRequest, options?: CallOptions): Promise<unknown>;
  /** An answer whose body goes on: no deadline but that of the signal, and no retry. */
  open(request: ClusterRequest, options: { readonly signal: AbortSignal }): Promise<Response>;
  close(): Promise<void>;
}

/** A list of a few hundred large objects. */
const largestAnswer = 32 * 1024 * 1024;
/** Watches end by themselves long before. */
const longestWatchMs = 3_600_000;
/** How long credentials are not asked for again. */
const freshMs = 10_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { access, clock = systemClock } = options;
  const { server, tlsServerName } = access;
  const call = createCaller(server, options);
  // The URL carries the name that the certificate has; the connection goes where the server is.
  const url = new URL(server);
  const origin = tlsServerName === undefined ? url.origin : `https://${tlsServerName}:${url.port || '443'}`;
  const base = `${origin}${url.pathname.replace(/\/+$/, '')}`;
  const addresses = origin === url.origin ? {} : { [origin]: url.host };

  let clients: { readonly key: string; readonly calls: HttpClient; readonly watches: HttpClient } | undefined;
  const closing = new Set<Promise<void>>();
  const letGo = (former: NonNullable<typeof clients>) => {
    for (const { close } of [former.calls, former.watches]) {
      const closed: Promise<void> = close().finally(() => closing.delete(closed));
      closing.add(closed);
    }
  };
  const fetchOf = ({ ca, clientCertificate }: ClusterCredentials, watch: boolean): Fetch => {
    if (options.fetch) return options.fetch;
    const key = JSON.stringify([ca, clientCertificate?.cert, clientCertificate?.key.expose()]);
    if (clients?.key !== key) {
      if (clients) letGo(clients);
      const common = {
        addresses,
        userAgent: options.userAgent ?? 'drawbridge',
        ...(ca === undefined ? {} : { ca }),
        ...(clientCertificate === undefined ? {} : { clientCertificate }),
        ...(options.onCall ? { onCall: options.onCall } : {}),
      };
      clients = {
        key,
        calls: createHttpClient({
          ...common,
          timeoutMs: options.timeoutMs ?? 10_000,
          maxResponseBytes: largestAnswer,
        }),
        watches: createHttpClient({ ...common, timeoutMs: longestWatchMs, maxResponseBytes: -1 }),
      };
    }
    return (watch ? clients.watches : clients.calls).fetch;
  };

  let known: { readonly at: number; readonly credentials: Promise<ClusterCredentials> } | undefined;
  const credentials = (refresh: boolean): Promise<ClusterCredentials> => {
    const now = clock.now();
    if (!refresh && known && now - known.at < freshMs) return known.credentials;
    const asked = access.credentials({ refresh });
    known = { at: now, credentials: asked };
    asked.catch(() => {
      if (known?.credentials === asked) known = undefined;
    });
    return asked;
  };

  const send = async (request: ClusterRequest, signal: AbortSignal, watch: boolean, call: CallOptions) => {
    const query = new URLSearchParams(
      Object.entries(request.query ?? {}).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      ),
    ).toString();
    const where = `${base}${request.path}`;
    for (let renewed = false; ; renewed = true) {
      const present = await credentials(renewed);
      const response = await fetchOf(present, watch)(query === '' ? where : `${where}?${query}`, {
        method: request.method,
        headers: {
          accept: 'application/json',
          ...present.headers,
          ...(present.token ? { authorization: `Bearer ${present.token.expose()}` } : {}),
          ...(request.body === undefined
            ? {}
            : { 'content-type': request.contentType ?? 'application/json' }),
          ...(call.requestId === undefined ? {} : { 'audit-id': call.requestId }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        priority: call.priority ?? 'high',
        signal,
      });
      if (response.ok) return { response, where };
      const body = await readText(response);
      if (response.status === 401 && !renewed) continue;
      const { status } = response;
      throw translateAnswer({ status, body, where, retryAfter: response.headers.get('retry-after') });
    }
  };

  return {
    server,
    call: async (request, callOptions = {}) =>
      await call(
        {
          path: request.path,
          method: request.method,
          where: request.path,
          retryable: (request.repeatable ?? request.method === 'GET') ? mayPass : wasNeverDone,
        },
        callOptions,
        async ({ requestId, signal }) => {
          const { response, where } = await send(request, signal, false, { ...callOptions, requestId });
          return parseJson(await readText(response), where);
        },
      ),
    open: async (request, { signal }) => (await send(request, signal, true, {})).response,
    async close() {
      if (clients) letGo(clients);
      clients = undefined;
      await Promise.all(closing);
    },
  };
}

function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof KubernetesError && error.code === 'kubernetes_failed');
}
