import type { Clock, Logger } from '@drawbridge/kit';
import { sealAudit } from './audit/index.ts';
import type { Database } from './database/index.ts';
import { forgetIdempotencyKeys } from './idempotency/index.ts';
import { type ImportWorker, recoverImports } from './imports/index.ts';
import type { Jobs } from './jobs/index.ts';
import type { ChangeFeed } from './live/index.ts';
import { forgetExchanges, recoverRuns, type SagaEngine } from './saga/index.ts';
import { forgetSweeps, type StatusEvents, type Sweeper } from './status/index.ts';
import type { Web } from './web/index.ts';
import type { ZitadelEvents } from './zitadel-events/index.ts';

/** Who does the work. */
export interface Workers {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly engine: SagaEngine;
  readonly importer: ImportWorker;
  readonly sweeper: Sweeper;
  readonly statusEvents: StatusEvents;
  readonly web: Web;
  readonly feed: ChangeFeed;
  readonly events?: ZitadelEvents;
}

/** Takes jobs of every queue from now on, keeps house each minute, and finds what an earlier process left unfinished. */
export async function startWork(workers: Workers): Promise<void> {
  const { database, jobs, clock, logger, engine, importer, sweeper, statusEvents, web, feed, events } =
    workers;
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
    await forgetExchanges(database, clock);
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
}
