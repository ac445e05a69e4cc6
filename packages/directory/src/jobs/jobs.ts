import { randomUUID } from 'node:crypto';
import type { Logger } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import type { Database, Schema } from '../database/index.ts';

/** The queues and what one job of each says. A job is only a hint to look at a row: the row is the truth. */
export interface JobData {
  /** Go on with a run. */
  run: { readonly runId: string };
  /** Start runs for the next rows of an import. */
  import: { readonly importId: string };
  /** Find runs whose worker is gone. */
  recover: Record<string, never>;
  /** Seal the audit's hash chains, forget old idempotency keys. */
  housekeeping: Record<string, never>;
  /** Make the sweep, or carry out what was approved of it. */
  sweep: { readonly sweepId: string };
  /** See whether a sweep is due, or lost. */
  sync: Record<string, never>;
  /** See who has signed in to NetBird since. */
  netbird: Record<string, never>;
  /** Look at a user of whom Zitadel told an event. */
  status: {
    readonly userId: string;
    /** Its type and key, for the history. */
    readonly event: string;
    /** When it happened, in RFC 3339. */
    readonly at: string;
  };
}

/** Queues whose jobs come by the clock. */
type RepeatedQueue = 'recover' | 'housekeeping' | 'sync' | 'netbird';

export interface JobsOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Runs worked on at once. Default 20, on PGlite 4. */
  readonly concurrency?: number;
}

const schema = 'jobs';

/** Queues of which a worker has several jobs at once: one that lasts must not keep another from beginning. */
const several: Partial<Record<keyof JobData, number>> = { import: 4, sweep: 2 };

/** Durable jobs on the directory's own database, by pg-boss. More workers on more machines is the way to scale. */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #concurrency: number;

  constructor(options: JobsOptions) {
    const { database, logger } = options;
    // Some more than calls go out at once: while one writes down what came of its call, another's is on its way.
    // PGlite has one connection: more workers would only wait for it, and poll.
    this.#concurrency = options.concurrency ?? (database.kind === 'pglite' ? 4 : 20);
    this.#boss = new PgBoss({
      ...database.jobs,
      backend: database.kind,
      schema,
      max: 4,
      useListenNotify: true,
      superviseIntervalSeconds: 30,
    });
    this.#boss.on('error', (err) =>
      logger.warn({ err, component: 'jobs' }, 'the job queue reported an error'),
    );
  }

  /** Makes the queues. Safe to repeat and on several machines at once. */
  async start(): Promise<void> {
    await this.#boss.start();
    await this.#boss.createQueue('run', {
      policy: 'standard',
      notify: true,
      retryLimit: 2,
      expireInSeconds: 600,
    });
    // What a worker leaves undone is found by `recover`, sooner than the queue would find it.
    await this.#boss.createQueue('import', {
      policy: 'standard',
      notify: true,
      retryLimit: 0,
      expireInSeconds: 300,
    });
    await this.#boss.createQueue('recover', { policy: 'short', retryLimit: 0, expireInSeconds: 60 });
    await this.#boss.createQueue('housekeeping', { policy: 'short', retryLimit: 0, expireInSeconds: 300 });
    await this.#boss.createQueue('sync', { policy: 'short', retryLimit: 0, expireInSeconds: 60 });
    await this.#boss.createQueue('netbird', { policy: 'short', retryLimit: 0, expireInSeconds: 60 });
    // Its row says what became of it; a second try would find it over.
    await this.#boss.createQueue('sweep', {
      policy: 'standard',
      notify: true,
      retryLimit: 0,
      expireInSeconds: 3_600,
    });
    await this.#boss.createQueue('status', {
      policy: 'standard',
      notify: true,
      retryLimit: 8,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 60,
    });
    // pg-boss looks a queue up when it is first used, on a connection of its own. Inside a transaction of PGlite, which
    // has one connection alone, that would wait for the transaction, and the transaction for it: so each is used now.
    for (const { name } of await this.#boss.getQueues())
      await this.#boss.findJobs(name, { id: randomUUID() });
  }

  /** Writes a job in the caller's transaction, so that the job exists exactly if the row it points to does. */
  async send<Q extends keyof JobData>(
    trx: Transaction<Schema>,
    queue: Q,
    data: JobData[Q],
    startAfter?: Date,
  ): Promise<void> {
    await this.#boss.send(queue, data, { db: fromKysely(trx), ...(startAfter ? { startAfter } : {}) });
  }

  /** Works on a queue until {@link Jobs.stop}. What the handler throws is retried by the queue's rules. */
  async work<Q extends keyof JobData>(queue: Q, handler: (data: JobData[Q]) => Promise<void>): Promise<void> {
    const concurrency = queue === 'run' ? this.#concurrency : (several[queue] ?? 1);
    for (let worker = 0; worker < concurrency; worker++) {
      let id = '';
      id = await this.#boss.work<JobData[Q]>(
        queue,
        { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
        async (jobs) => {
          try {
            for (const job of jobs) await handler(job.data);
          } finally {
            // Where one job was, there may be another: left alone, a worker would first sleep. Not before timers and signals
            // had their turn: PGlite answers within one, so that jobs that follow one another would let nothing else through.
            setImmediate(() => this.#boss.notifyWorker(id));
          }
        },
      );
    }
  }

  /** Repeats a job by cron, once for all workers together. */
  async repeat(queue: RepeatedQueue, cron: string): Promise<void> {
    await this.#boss.schedule(queue, cron, {});
  }

  /** Stops taking jobs and waits, up to ten seconds, for those under way. */
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 10_000, close: true });
  }
}
