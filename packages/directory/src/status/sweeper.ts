import { type Metrics, noMetrics } from '@drawbridge/kit';
import { type Approve, approveSweep, carryOutApproved, type Discard, discardSweep } from './approve.ts';
import { isDatabaseAway } from './carry-out.ts';
import { wakeSignedIn } from './netbird-pass.ts';
import { ourselves, type SyncParts } from './parts.ts';
import { claimSweep, endSweep, insertSweep, type NewSweep, SweepLost } from './store.ts';
import { failureOf, leaseMs, sweep } from './sweep.ts';

/** A sweep may take this long; pg-boss gives its job an hour. */
const longestMs = 55 * 60_000;
/** A sweep whose job did not come for this long has lost it. */
const forgottenMs = 60_000;

/** Runs sweeps, one at a time on the whole database, and what people decide about them. */
export class Sweeper {
  readonly #parts: SyncParts;
  readonly #metrics: Metrics;
  readonly #stopping = new AbortController();

  constructor(parts: SyncParts & { readonly metrics?: Metrics }) {
    this.#parts = parts;
    this.#metrics = parts.metrics ?? noMetrics;
  }

  /**
   * Asks for a sweep.
   *
   * @returns its id; that of the one under way where it covers what is asked for
   * @throws {DrawbridgeError} `sweep_running` where it does not
   */
  async request(asked: Omit<NewSweep, 'at'>): Promise<string> {
    const { database, jobs, clock } = this.#parts;
    return await database.transaction(async (trx) => {
      const { id, created } = await insertSweep(trx, { ...asked, at: new Date(clock.now()) });
      if (created) await jobs.send(trx, 'sweep', { sweepId: id });
      return id;
    });
  }

  /** Does what there is to do for a sweep: the pass itself, or what was approved of it. */
  async work(sweepId: string): Promise<void> {
    const { database, clock } = this.#parts;
    if (this.#stopping.signal.aborted) return;
    const now = new Date(clock.now());
    const claimed = await claimSweep(database, sweepId, now, new Date(now.getTime() + leaseMs));
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(longestMs)]);
    if (!claimed) {
      await carryOutApproved(this.#parts, sweepId, signal);
      return;
    }
    try {
      const outcome = await sweep(this.#parts, claimed, signal);
      this.#metrics.count('drawbridge_sweeps_total', { outcome });
    } catch (error) {
      await this.#fail(sweepId, error, signal);
    }
  }

  /** Lets a person approve what a braked sweep holds; it is looked at again, user by user, before anything happens. */
  approve(sweepId: string, approve: Approve): Promise<void> {
    return approveSweep(this.#parts, sweepId, approve);
  }

  /** Lets a person discard what a braked sweep holds. */
  discard(sweepId: string, discard: Discard): Promise<void> {
    return discardSweep(this.#parts, sweepId, discard);
  }

  /**
   * What every minute asks: is a sweep due, has one lost its worker or its job, does something approved still wait.
   *
   * @param alone true where no other worker can exist, as on an embedded database just opened
   */
  async tick({ alone = false, cause = 'timer' as 'timer' | 'start' } = {}): Promise<void> {
    const { database, jobs, clock, settings, logger } = this.#parts;
    const now = new Date(clock.now());
    const { 'sync.intervalMinutes': minutes } = await settings.read();
    const due = await database.transaction(async (trx) => {
      const running = await trx
        .selectFrom('sweeps')
        .select(['id', 'lease_until', 'started_at'])
        .where('state', '=', 'running')
        .executeTakeFirst();
      if (running) {
        const { id, lease_until, started_at } = running;
        if (alone || (lease_until !== null && lease_until <= now)) {
          await endSweep(trx, id, {
            state: 'failed',
            code: 'sweep_interrupted',
            reason: 'Its worker is gone. The next sweep begins anew.',
            at: now,
          });
          logger.warn({ component: 'sync', code: 'sweep_interrupted' }, 'a sweep lost its worker');
        } else if (lease_until === null && now.getTime() - started_at.getTime() > forgottenMs)
          await jobs.send(trx, 'sweep', { sweepId: id });
      }
      const approved = await trx
        .selectFrom('sweep_items')
        .select('sweep_id')
        .distinct()
        .where('state', '=', 'approved')
        .execute();
      for (const { sweep_id } of approved) await jobs.send(trx, 'sweep', { sweepId: sweep_id });
      if (running && !alone) return false;
      const last = await trx
        .selectFrom('sweeps')
        .select('started_at')
        .where('organization_id', 'is', null)
        .where('cause', '<>', 'event')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      const first = await trx
        .selectFrom('system_integrations')
        .select('created_at')
        .where('type', '=', 'zitadel')
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst();
      const since = last?.started_at ?? first?.created_at;
      return since !== undefined && now.getTime() - since.getTime() >= minutes * 60_000;
    });
    if (due) await this.request({ cause, requestedBy: ourselves });
  }

  /** Has runs go on whose people have signed in to NetBird since. */
  async wakeSignedIn(): Promise<void> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(50_000)]);
    const count = await wakeSignedIn(this.#parts, signal);
    if (count > 0)
      this.#parts.logger.info({ component: 'sync', count }, 'runs whose people signed in to NetBird go on');
  }

  /** Ends what is under way: a sweep fails, having changed only what it says it changed. */
  stop(): void {
    this.#stopping.abort();
  }

  async #fail(sweepId: string, error: unknown, signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.#parts;
    if (error instanceof SweepLost) {
      logger.warn({ component: 'sync', code: 'sweep_interrupted' }, error.message);
      return;
    }
    // Without the database nothing can be said; the lease ends, and the next minute's look finds it.
    if (isDatabaseAway(error)) throw error;
    const failure = signal.aborted
      ? { code: 'sweep_interrupted', reason: 'The directory was stopped, or the sweep took too long.' }
      : failureOf(error);
    logger.warn(
      { component: 'sync', code: failure.code, err: error },
      'a sweep failed; nobody is deactivated',
    );
    this.#metrics.count('drawbridge_sweeps_total', { outcome: 'failed' });
    const at = new Date(clock.now());
    await database.transaction((trx) => endSweep(trx, sweepId, { state: 'failed', ...failure, at }));
  }
}
