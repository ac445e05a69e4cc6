import {
  type Clock,
  createHttpServer,
  type HttpServer,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { type Authenticator, addApi } from './api/index.ts';
import { sealAudit } from './audit/index.ts';
import { type Database, type DatabaseLocation, openDatabase } from './database/index.ts';
import { IntegrationRegistry, ZitadelAuthenticator } from './integrations/index.ts';
import { Jobs } from './jobs/index.ts';
import { createUserSaga } from './provisioning/index.ts';
import { type EngineOptions, recoverRuns, SagaEngine } from './saga/index.ts';
import { forgetIdempotencyKeys } from './users/index.ts';

export interface DirectoryOptions {
  readonly database: DatabaseLocation;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Who may call. Default: the Zitadel of the integration that is set up. */
  readonly authenticator?: Authenticator;
  readonly allowInsecure?: boolean;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  /** Settings of the saga engine; tests pause it at named points and shorten its waits. */
  readonly engine?: Pick<
    EngineOptions,
    'attempts' | 'retryBaseMs' | 'retryMaxMs' | 'stepTimeoutMs' | 'pause' | 'random'
  >;
}

/** A running directory: API and workers on one database. */
export interface Directory {
  readonly database: Database;
  /** Origin of the API, once started. */
  readonly url: string;
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
  const database = await openDatabase(options.database);
  try {
    await database.migrate();
  } catch (error) {
    await database.close();
    throw error;
  }
  const shared = {
    logger,
    ...(options.allowInsecure ? { allowInsecure: true } : {}),
    ...(options.env ? { env: options.env } : {}),
  };
  const metrics = options.metrics ?? noMetrics;
  const integrations = new IntegrationRegistry({ ...shared, database, clock, metrics });
  const authenticator = new ZitadelAuthenticator({ ...shared, integrations });
  const jobs = new Jobs({ database, logger });
  const saga = createUserSaga(integrations);
  const engine = new SagaEngine({ ...options.engine, database, jobs, sagas: [saga], logger, clock, metrics });
  let server: HttpServer | undefined;
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const start = async () => {
    await jobs.start();
    await jobs.work('run', ({ runId }) => engine.execute(runId));
    await jobs.work('recover', async () => {
      const count = await recoverRuns({ database, jobs, clock });
      if (count > 0) logger.warn({ count, component: 'directory' }, 'runs whose worker was gone go on');
    });
    await jobs.work('housekeeping', async () => {
      await sealAudit(database);
      await forgetIdempotencyKeys(database, clock);
    });
    await jobs.repeat('recover', '* * * * *');
    await jobs.repeat('housekeeping', '* * * * *');
    // Nobody else can have an embedded database open: whatever was under way when it was closed goes on now.
    await recoverRuns({ database, jobs, clock, alone: database.kind === 'pglite' });
    server = await createHttpServer({
      name: 'directory',
      port: options.port,
      logger,
      metrics,
      checks: { database: () => database.ping() },
      ...(options.host ? { host: options.host } : {}),
    });
    await addApi(
      server.app,
      { database, jobs, engine, createUserSaga: saga, closing: server.closing },
      options.authenticator ?? authenticator,
    );
    await server.start();
  };

  const stop = async () => {
    await starting?.catch((err: unknown) => logger.debug({ err }, 'stopped while starting'));
    await server?.stop();
    engine.stop();
    await jobs.stop();
    await integrations.close();
    await database.close();
  };

  return {
    database,
    get url() {
      if (!server) throw new Error('the directory has not started');
      return server.url;
    },
    recover: () => recoverRuns({ database, jobs, clock }),
    start: () => (starting ??= start()),
    stop: () => (stopping ??= stop()),
  };
}
