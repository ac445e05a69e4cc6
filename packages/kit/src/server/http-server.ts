import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../clock/index.ts';
import { type Logger, silentLogger } from '../log/index.ts';
import { type Metrics, noMetrics } from '../metrics/index.ts';
import { createApp } from './app.ts';
import { defaultLimits, type ServerLimits } from './limits.ts';
import { listen } from './listen.ts';
import { addProbes, type Check } from './probes.ts';
import { type ErrorFormat, problemFormat } from './problem.ts';
import { readTlsMaterial, reloadTls, type TlsFiles, tlsServerOptions } from './tls.ts';

export interface HttpServerOptions {
  /** What this server is called in logs and metrics. */
  readonly name: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose; {@link HttpServer.url} tells. */
  readonly port: number;
  readonly tls?: TlsFiles;
  /** Limits that differ from {@link defaultLimits}. */
  readonly limits?: Partial<ServerLimits>;
  readonly logger?: Logger;
  /** Counts requests, and is served at `/metrics`. */
  readonly metrics?: Metrics;
  /** What must hold for `/readyz` to say 200, by name. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** How errors are worded. Default problem details. */
  readonly errorFormat?: ErrorFormat;
  readonly clock?: Clock;
}

export interface HttpServer {
  /** Where routes, hooks and plugins are added, before {@link HttpServer.start}. */
  readonly app: FastifyInstance;
  /** Origin it listens on, such as `http://127.0.0.1:8080`. Throws before the start. */
  readonly url: string;
  /** Aborts when the server begins to stop: long answers (event streams) end then. */
  readonly closing: AbortSignal;
  /**
   * Listens. A second call returns the promise of the first.
   *
   * @throws {DrawbridgeError} `address_in_use`, or `invalid_settings` for an address this machine cannot listen on
   */
  start(): Promise<void>;
  /** Takes no new requests, finishes those in flight within the drain limit, closes. A second call returns the promise of the first. */
  stop(): Promise<void>;
}

/**
 * Makes an HTTP server with everything that every server of this product needs: limits, request ids, problem details,
 * access log, metrics, probes, TLS with reload, and a stop that drains.
 *
 * @throws {DrawbridgeError} `invalid_settings` when the TLS files are unusable
 * @see RFC 9457 for the error bodies
 * @example
 * ```ts
 * import { createHttpServer } from '@drawbridge/kit';
 *
 * const server = await createHttpServer({ name: 'hello', port: 0 });
 * server.app.get('/hello', async () => ({ hello: 'world' }));
 * await server.start();
 * console.log(server.url);
 * await server.stop();
 * ```
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { name, host = '127.0.0.1', port, tls, logger = silentLogger, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const metrics = options.metrics ?? noMetrics;
  const closing = new AbortController();
  const material = tls && (await readTlsMaterial(tls));
  const sockets = new Set<TLSSocket>();
  let server: Server | undefined;
  let tlsServer: TlsServer | undefined;

  const app = await createApp({
    name,
    limits,
    logger,
    metrics,
    closing: closing.signal,
    errorFormat: options.errorFormat ?? problemFormat,
    makeServer: (handler) => {
      const common = { maxHeaderSize: limits.headerBytes, connectionsCheckingInterval: 1_000 };
      if (tls && material) {
        tlsServer = createTlsServer({ ...common, ...tlsServerOptions(tls, material) }, handler);
      }
      server = tlsServer ?? createPlainServer(common, handler);
      server.headersTimeout = limits.headersMs;
      server.requestTimeout = limits.requestMs;
      server.keepAliveTimeout = limits.idleMs;
      server.on('secureConnection', (socket: TLSSocket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      return server;
    },
  });
  addProbes(app, {
    checks: options.checks ?? {},
    isStopping: () => closing.signal.aborted,
    metrics: options.metrics,
    logger,
  });

  let url: string | undefined;
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const start = async () => {
    url = await listen(app, { host, port, secure: tls !== undefined });
    logger.info({ component: name, url }, 'listening');
    if (tls && material && tlsServer) {
      void reloadTls(
        { files: tls, server: tlsServer, material, sockets, name, clock, logger, metrics },
        closing.signal,
      );
    }
  };

  const stop = async () => {
    closing.abort();
    await starting?.catch(() => undefined);
    const drained = new AbortController();
    // Closing waits for requests in flight; when the limit is over their connections go.
    void clock.sleep(limits.drainMs, drained.signal).then(
      () => {
        logger.warn({ component: name, ms: limits.drainMs }, 'requests still in flight were cut off');
        server?.closeAllConnections();
      },
      () => undefined,
    );
    await app.close();
    drained.abort();
    logger.info({ component: name }, 'stopped');
  };

  return {
    app,
    closing: closing.signal,
    get url() {
      if (url === undefined) throw new Error(`The server ${name} has no URL before it has started.`);
      return url;
    },
    start: () => (starting ??= start()),
    stop: () => (stopping ??= stop()),
  };
}
