import {
  type Clock,
  createHttpServer,
  type HttpServer,
  type Logger,
  type Metrics,
  noMetrics,
  type Secret,
  silentLogger,
  systemClock,
  type TlsFiles,
} from '@drawbridge/kit';
import {
  type Authenticator,
  addApi,
  collectRoutes,
  type LimiterOptions,
  RequestLimiter,
  type Route,
} from './api/index.ts';
import { sealAudit } from './audit/index.ts';
import { type Database, type DatabaseLocation, openDatabase } from './database/index.ts';
import { forgetIdempotencyKeys } from './idempotency/index.ts';
import { ImportWorker, recoverImports } from './imports/index.ts';
import {
  IntegrationRegistry,
  resealSecrets,
  resolveReference,
  ZitadelAuthenticator,
} from './integrations/index.ts';
import { Jobs } from './jobs/index.ts';
import { ChangeFeed } from './live/index.ts';
import { allSagas, createSagas } from './provisioning/index.ts';
import { type EngineOptions, recoverRuns, SagaEngine } from './saga/index.ts';
import { createSealer, secretKeysOf } from './sealing/index.ts';
import { Settings } from './settings/index.ts';
import { forgetSweeps, StatusEvents, Sweeper } from './status/index.ts';
import { createWeb } from './web/index.ts';
import { type EventsOptions, ZitadelEvents } from './zitadel-events/index.ts';

export interface DirectoryOptions {
  readonly database: DatabaseLocation;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: TlsFiles;
  /** Whether it answers the API and the console; probes and metrics it always answers. Default true. */
  readonly serve?: boolean;
  /** Whether it carries out runs, sweeps and imports. Default true. Several may share one PostgreSQL. */
  readonly work?: boolean;
  /** Who may call. Default: the Zitadel of the integration that is set up. */
  readonly authenticator?: Authenticator;
  readonly allowInsecure?: boolean;
  /** Where browsers reach it: `https://directory.acme.example`. Default: the address it listens on. */
  readonly publicUrl?: string;
  /** Folder of the built console. Default: none, so that only the API is served. */
  readonly consoleFolder?: string;
  /** Limits that differ from the usual ones. */
  readonly limits?: LimiterOptions['limits'];
  /** Proxies in front of it that add to `X-Forwarded-For`. Default 0. */
  readonly trustedProxies?: number;
  /** Ends of browsers' sessions, in milliseconds: unused (default 8 h) and since the sign-in (default 12 h). */
  readonly session?: { readonly idleMs?: number; readonly maxMs?: number };
  /**
   * Base64 of 32 bytes each, the present key first; they seal what the database keeps secret. Default: those of
   * `DRAWBRIDGE_SECRET_KEY` and `DRAWBRIDGE_SECRET_KEY_PREVIOUS`.
   */
  readonly secretKeys?: readonly Secret[];
  /**
   * Listens to Zitadel's events, which make status and ended tokens known within seconds. Default: no, and sweeps do the
   * work alone.
   */
  readonly events?: EventsOptions;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  /** Settings of the saga engine; tests pause it at named points and shorten its waits. */
  readonly engine?: Pick<
    EngineOptions,
    'attempts' | 'patienceMs' | 'retryBaseMs' | 'retryMaxMs' | 'stepTimeoutMs' | 'pause' | 'random'
  >;
}

/** A running directory: API and workers on one database. */
export interface Directory {
  readonly database: Database;
  /** Origin of the API, once started. */
  readonly url: string;
  /** Every route with what it demands, once started. */
  readonly routes: readonly Route[];
  /** Serves the API and works on runs. */
  start(): Promise<void>;
  /** Finds runs whose worker is gone and has them go on. Done by itself every minute. */
  recover(): Promise<number>;
  /** Drains the API and the workers, and closes the database. */
  stop(): Promise<void>;
}

/**
 * Opens the directory. The database is migrated before this returns, so that a caller may write set-up rows; nothing is
 * served before {@link Directory.start}.
 *
 * @throws {DrawbridgeError} `database_unavailable`, `locked`
 */
export async function openDirectory(options: DirectoryOptions): Promise<Directory> {
  const { logger = silentLogger, clock = systemClock } = options;
  const sealer = createSealer({ keys: secretKeysOf(options), logger });
  const database = await openDatabase(options.database);
  try {
    await database.migrate();
  } catch (error) {
    await database.close();
    throw error;
  }
  const shared = {
    logger,
    sealer,
    ...(options.allowInsecure ? { allowInsecure: true } : {}),
    ...(options.env ? { env: options.env } : {}),
  };
  const metrics = options.metrics ?? noMetrics;
  const integrations = new IntegrationRegistry({ ...shared, database, clock, metrics });
  const jobs = new Jobs({ database, logger });
  const settings = new Settings({ database, clock, env: options.env ?? process.env });
  const events =
    options.events &&
    new ZitadelEvents({ ...shared, database, jobs, settings, clock, metrics, integrations }, options.events);
  const authenticator =
    options.authenticator ??
    new ZitadelAuthenticator({
      ...shared,
      integrations,
      clock,
      ...(events ? { revocations: (id) => events.feedOf(id) } : {}),
    });
  const sagas = createSagas({ database, integrations, clock, sealer });
  const engine = new SagaEngine({
    ...options.engine,
    database,
    jobs,
    sagas: allSagas(sagas),
    logger,
    clock,
    metrics,
  });
  const sync = {
    database,
    engine,
    sagas,
    sealer,
    jobs,
    integrations,
    settings,
    clock,
    logger,
    metrics,
  };
  const sweeper = new Sweeper(sync);
  const statusEvents = new StatusEvents(sync);
  const importer = new ImportWorker({ database, engine, sagas, sealer, jobs, clock, logger });
  const feed = new ChangeFeed({ database, clock, logger });
  const limiter = new RequestLimiter({
    clock,
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
  });
  const urlOf = () => {
    if (!server) throw new Error('the directory has not started');
    return server.url;
  };
  const web = createWeb({
    ...shared,
    ...options.session,
    database,
    integrations,
    authenticator,
    clock,
    publicUrl: () => options.publicUrl ?? urlOf(),
    secretOf: async (integration, column) => {
      const kept = integration[column];
      if (kept === null) return undefined;
      const place = { purpose: `system_integrations.${column}`, row: integration.id };
      return await resolveReference(kept, place, shared);
    },
    ...(options.consoleFolder ? { consoleFolder: options.consoleFolder } : {}),
  });
  let server: HttpServer | undefined;
  let routes: readonly Route[] = [];
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const startWork = async () => {
    await jobs.work('run', ({ runId }) => engine.execute(runId));
    await jobs.work('recover', async () => {
      const count = await recoverRuns({ database, jobs, clock });
      if (count > 0) logger.warn({ count, component: 'directory' }, 'runs whose worker was gone go on');
      await recoverImports(database, jobs, new Date(clock.now()));
    });
    await jobs.work('import', ({ importId }) => importer.work(importId));
    await jobs.work('housekeeping', async () => {
      await sealAudit(database);
      await forgetIdempotencyKeys(database, clock);
      await web.forget();
      await feed.trim();
      await events?.prune();
      await forgetSweeps(database, clock);
    });
    await jobs.work('sweep', ({ sweepId }) => sweeper.work(sweepId));
    await jobs.work('sync', () => sweeper.tick());
    await jobs.work('status', (job) => statusEvents.work(job));
    await jobs.work('netbird', () => sweeper.wakeSignedIn());
    await jobs.repeat('sync', '* * * * *');
    await jobs.repeat('netbird', '* * * * *');
    await jobs.repeat('recover', '* * * * *');
    await jobs.repeat('housekeeping', '* * * * *');
    // Nobody else can have an embedded database open: whatever was under way when it was closed goes on now.
    await recoverRuns({ database, jobs, clock, alone: database.kind === 'pglite' });
    await recoverImports(database, jobs, new Date(clock.now()), { alone: database.kind === 'pglite' });
    await sweeper.tick({ alone: database.kind === 'pglite', cause: 'start' });
  };

  const start = async () => {
    const resealed = await resealSecrets(database, sealer);
    if (resealed > 0)
      logger.info({ count: resealed, component: 'sealing' }, 'secrets are sealed with the present key now');
    await jobs.start();
    if (options.work !== false) await startWork();
    server = await createHttpServer({
      name: 'directory',
      port: options.port,
      logger,
      metrics,
      checks: { database: () => database.ping() },
      ...(options.host ? { host: options.host } : {}),
      ...(options.tls ? { tls: options.tls } : {}),
    });
    if (options.serve !== false) await addRoutes(server);
    await events?.addTo(server);
    await server.start();
    events?.start(server.url);
  };

  const addRoutes = async (server: HttpServer) => {
    routes = collectRoutes(server.app);
    limiter.addTo(server.app);
    await web.addTo(server.app);
    await addApi(
      server.app,
      {
        database,
        jobs,
        engine,
        sagas,
        sealer,
        settings,
        sweeper,
        integrations,
        ...(options.allowInsecure ? { allowInsecure: true } : {}),
        closing: server.closing,
        sessions: web.sessions,
        feed,
        limiter,
        logger,
      },
      authenticator,
    );
  };

  const stop = async () => {
    await starting?.catch((err: unknown) => logger.debug({ err }, 'stopped while starting'));
    await server?.stop();
    engine.stop();
    importer.stop();
    sweeper.stop();
    statusEvents.stop();
    await events?.stop();
    await jobs.stop();
    await integrations.close();
    await database.close();
  };

  return {
    database,
    get url() {
      return urlOf();
    },
    get routes() {
      return routes;
    },
    recover: () => recoverRuns({ database, jobs, clock }),
    start: () => (starting ??= start()),
    stop: () => (stopping ??= stop()),
  };
}
