import {
  type Clock,
  createHttpServer,
  DrawbridgeError,
  type HttpClient,
  type HttpServer,
  type Logger,
  type Metrics,
  noMetrics,
  requireSecureUrl,
  silentLogger,
  systemClock,
  type TlsFiles,
} from '@drawbridge/kit';
import { relayPaths } from './discovery.ts';
import { createKeeper } from './keeper.ts';
import { readIssuer } from './read-issuer.ts';
import { addRelayRoutes } from './routes.ts';

/** Whose documents are served, and where. */
export interface RelayOptions {
  /** The issuer, byte for byte as its tokens have it. */
  readonly issuer: string;
  /** Origin under which relying parties reach the relay; `jwks_uri` points there. */
  readonly url: string;
  /** What reaches the issuer. It is not closed with the relay. */
  readonly http: Pick<HttpClient, 'fetch'>;
  /** A copy is never fresh for longer, in milliseconds, whatever the issuer says. At least 10,000. Default 60,000. */
  readonly maxAgeMs?: number;
  /** How much longer than fresh a copy is served while the issuer cannot be read, in milliseconds. Default one hour. */
  readonly staleMs?: number;
  /** Takes plain http that is not loopback, of issuer and relay. Default false. */
  readonly allowInsecure?: boolean;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  /** Without it the relay speaks plain http, and what is in front of it has to speak TLS. */
  readonly tls?: TlsFiles;
  /** A second server with nothing but probes and metrics, on plain http. */
  readonly metricsServer?: { readonly host: string; readonly port: number };
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  /** Uniform in [0, 1), to spread renewals. Default Math.random. */
  readonly random?: () => number;
}

/** A relay. */
export interface Relay {
  /** Origin it listens on, once started. */
  readonly listensAt: string;
  /** Origin of the second server, once started. */
  readonly metricsUrl: string | undefined;
  /** Where relying parties find the documents. */
  readonly discoveryUrl: string;
  readonly keysUrl: string;
  /**
   * Listens, and reads the issuer beside that: an issuer that is away makes the relay not ready, and no failure.
   *
   * @throws {DrawbridgeError} `address_in_use`, `invalid_settings`
   */
  start(): Promise<void>;
  /** Finishes the requests at hand. */
  stop(): Promise<void>;
}

/** One reading: two calls, each with the client's own deadline. */
const readingMs = 15_000;

/**
 * Makes a server for the discovery document and the keys of one issuer, for relying parties inside a network that cannot
 * reach the issuer under its own name. `issuer` stays as it is, only `jwks_uri` leads to the relay. It is ready from the
 * first good reading on.
 *
 * @throws {DrawbridgeError} `invalid_settings`, `insecure_url`
 * @see OpenID Connect Discovery 1.0, RFC 7517, RFC 9111
 * @example
 * ```ts
 * import { createHttpClient } from '@drawbridge/kit';
 * import { createRelay } from '@drawbridge/stack';
 *
 * const issuer = 'https://sso.acme.example';
 * const relay = await createRelay({
 *   issuer,
 *   url: 'https://issuer.identity.svc:8443',
 *   http: createHttpClient({ addresses: { [issuer]: 'ingress.identity.svc:443' } }),
 *   port: 8443,
 *   tls: { certFile: '/tls/tls.crt', keyFile: '/tls/tls.key' },
 * });
 * await relay.start();
 * console.log(relay.discoveryUrl);
 * ```
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { issuer, http, tls, metricsServer } = options;
  const { logger = silentLogger, metrics = noMetrics, clock = systemClock } = options;
  const allowInsecure = options.allowInsecure ?? false;
  requireSecureUrl(issuer, { allowInsecure });
  const paths = relayPaths(issuer);
  const origin = originOf(options.url, allowInsecure);
  const keysUrl = `${origin}${paths.keys}`;
  const keeper = createKeeper({
    instance: new URL(issuer).host,
    read: (signal) =>
      readIssuer(
        { issuer, keysUrl, fetch: http.fetch },
        AbortSignal.any([signal, AbortSignal.timeout(readingMs)]),
      ),
    maxAgeMs: Math.max(options.maxAgeMs ?? 60_000, 10_000),
    staleMs: options.staleMs ?? 3_600_000,
    clock,
    random: options.random ?? Math.random,
    logger,
    metrics,
  });
  const checks = {
    issuer: async () => {
      if (!keeper.current())
        throw new DrawbridgeError('unreachable', { message: 'There is no copy to serve.' });
    },
  };
  const seams = { logger, clock, ...(options.metrics ? { metrics } : {}) };
  const server = await createHttpServer({
    name: 'relay',
    host: options.host ?? '127.0.0.1',
    port: options.port,
    checks,
    ...seams,
    ...(tls ? { tls } : {}),
  });
  addRelayRoutes(server.app, { paths, keeper, clock });
  const second =
    metricsServer && (await createHttpServer({ name: 'relay-metrics', checks, ...metricsServer, ...seams }));
  const servers: readonly HttpServer[] = second ? [second, server] : [server];
  const ended = new AbortController();
  let keeping: Promise<void> | undefined;
  const stop = async () => {
    ended.abort();
    await Promise.all(servers.map((one) => one.stop()));
    await keeping;
  };
  return {
    discoveryUrl: `${origin}${paths.discovery}`,
    keysUrl,
    get listensAt() {
      return server.url;
    },
    get metricsUrl() {
      return second?.url;
    },
    async start() {
      try {
        for (const one of servers) await one.start();
        keeping ??= keeper.run(ended.signal);
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

function originOf(url: string, allowInsecure: boolean): string {
  const { origin, pathname, search, hash } = requireSecureUrl(url, { allowInsecure });
  if (pathname !== '/' || search || hash) {
    throw new DrawbridgeError('invalid_settings', {
      message: "The relay's URL is an origin, without a path: the paths are those of the issuer.",
      saw: pathname,
    });
  }
  return origin;
}
