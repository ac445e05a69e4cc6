import { createHttpServer, type HttpServer, noMetrics, silentLogger, systemClock } from '@drawbridge/kit';
import { addApi, collectRoutes, RequestLimiter, type Route } from './api/index.ts';
import { type Database, openDatabase } from './database/index.ts';
import type { DirectoryOptions } from './directory-options.ts';
import { ImportWorker } from './imports/index.ts';
import {
  IntegrationRegistry,
  resealSecrets,
  resolveReference,
  ZitadelAuthenticator,
} from './integrations/index.ts';
import { Jobs } from './jobs/index.ts';
import { ChangeFeed } from './live/index.ts';
import { allSagas, createSagas } from './provisioning/index.ts';
import { recoverRuns, SagaEngine } from './saga/index.ts';
import { createSealer, secretKeysOf } from './sealing/index.ts';
import { Settings } from './settings/index.ts';
import { StatusEvents, Sweeper } from './status/index.ts';
import { createWeb } from './web/index.ts';
import { startWork } from './work.ts';
import { letGoSilent, ZitadelEvents } from './zitadel-events/index.ts';

export type { DirectoryOptions } from './directory-options.ts';

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
 * @throws {DrawbridgeError} `database_unavailable`, `schema_newer`, `locked`
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
  const integrations = new IntegrationRegistry({
    ...shared,
    database,
    clock,
    metrics,
    ...(options.callsPerSecond === undefined ? {} : { callsPerSecond: options.callsPerSecond }),
  });
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

  const start = async () => {
    const resealed = await resealSecrets(database, sealer);
    if (resealed > 0)
      logger.info({ count: resealed, component: 'sealing' }, 'secrets are sealed with the present key now');
    await jobs.start();
    if (options.work !== false)
      await startWork({
        database,
        jobs,
        clock,
        logger,
        engine,
        importer,
        sweeper,
        statusEvents,
        web,
        feed,
        ...(events ? { events } : {}),
      });
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
        ...(events ? { onIntegrated: () => void events.look() } : {}),
        letGo: (integration, signal, remove) =>
          events?.letGo(integration, signal, remove) ??
          letGoSilent(integrations, integration, signal, remove),
        ...(options.allowInsecure ? { allowInsecure: true } : {}),
        ...(options.faultSwitch === undefined ? {} : { faultSwitch: options.faultSwitch }),
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
