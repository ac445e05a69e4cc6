import type { Consumer } from '@drawbridge/events';
import { DrawbridgeError, isTransient, type Metrics, noMetrics } from '@drawbridge/kit';
import type { Schema, ZitadelState } from '../database/index.ts';
import type { JobData, Jobs } from '../jobs/index.ts';
import { requestState } from '../users/index.ts';
import { applyChange, type Change, recordConflict } from './apply.ts';
import { type Confirmed, confirm } from './confirm.ts';
import { decide, type There } from './decide.ts';
import { isBeyondEventBrake } from './event-brake.ts';
import { blockChanged } from './netbird-pass.ts';
import { ourselves, type SyncParts } from './parts.ts';
import { insertSweep } from './store.ts';

/** Events after which a user is looked at. */
const statusEventTypes: readonly string[] = [
  'user.deactivated',
  'user.reactivated',
  'user.locked',
  'user.unlocked',
  'user.removed',
  'user.human.initialization.check.succeeded',
];

/** The past is the sweeps': of a directory that begins to listen, only the last minutes are read. */
const lookBackMs = 10 * 60_000;

/**
 * Has whoever an event is about looked at. An event is only a hint: what counts is what Zitadel says when it is asked, so
 * the order of events does not matter.
 */
export function statusConsumer(integrationId: string, jobs: Pick<Jobs, 'send'>): Consumer<Schema> {
  return {
    name: 'status',
    eventTypes: statusEventTypes,
    order: 'arrival',
    lookBackMs,
    async handle({ aggregateId, type, sequence, createdAt }, { trx }) {
      const user = await trx
        .selectFrom('users')
        .select('id')
        .where('integration_id', '=', integrationId)
        .where('zitadel_user_id', '=', aggregateId)
        .executeTakeFirst();
      if (!user) return;
      await jobs.send(trx, 'status', {
        userId: user.id,
        event: `${type} ${aggregateId}/${sequence}`,
        at: createdAt.toISOString(),
      });
    },
  };
}

/** What became of looking at a user. */
type Outcome = 'kept' | 'applied' | 'skipped' | 'dropped' | 'held' | 'failed';

/** Looks at the users of events, one after the other. */
export class StatusEvents {
  readonly #parts: SyncParts;
  readonly #metrics: Metrics;
  readonly #stopping = new AbortController();

  constructor(parts: SyncParts & { readonly metrics?: Metrics }) {
    this.#parts = parts;
    this.#metrics = parts.metrics ?? noMetrics;
  }

  /**
   * Reads the user in Zitadel and does what is right now.
   *
   * @throws {DrawbridgeError} what may be over in a moment: the job is tried again then
   */
  async work(job: JobData['status']): Promise<void> {
    if (this.#stopping.signal.aborted) throw new DrawbridgeError('canceled');
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(40_000)]);
    let outcome: Outcome;
    try {
      outcome = await this.#look(job, signal);
    } catch (err) {
      if (isTransient(err) || signal.aborted || !(err instanceof DrawbridgeError) || err.code === 'conflict')
        throw err;
      this.#parts.logger.warn(
        { component: 'sync', user: job.userId, code: err.code },
        'the user of an event could not be looked at; the next sweep does',
      );
      outcome = 'failed';
    }
    this.#metrics.count('drawbridge_status_events_total', { outcome });
  }

  /** Ends what is under way; its jobs are tried again. */
  stop(): void {
    this.#stopping.abort();
  }

  async #look({ userId, event, at: happened }: JobData['status'], signal: AbortSignal): Promise<Outcome> {
    const { database, settings, clock } = this.#parts;
    const confirmed = await confirm(this.#parts, userId, signal);
    if (!confirmed || confirmed.there === 'elsewhere') return 'dropped';
    const { here, there } = confirmed;
    const values = await settings.read();
    const rule = values['sync.conflictRule'];
    const decision = decide(here, there, rule);
    if (decision.do === 'keep') {
      await this.#note(here, there.says);
      return 'kept';
    }
    const change = {
      here,
      there,
      rule,
      cause: 'event' as const,
      causeId: event,
      actor: ourselves,
      at: new Date(clock.now()),
      since: new Date(happened),
    };
    if (decision.do === 'enforce') return await this.#enforce(here, there, change);
    const applied = await database.transaction(async (trx) => {
      if (
        decision.do === 'deactivate' &&
        (await isBeyondEventBrake(trx, here.organizationId, values, change.at))
      )
        return 'held' as const;
      return await applyChange(trx, { ...change, decision });
    });
    if (applied === 'held') {
      await this.#askForSweep();
      return 'held';
    }
    // A run has the user in hand, perhaps the one that caused the event: once it is over, this is looked at again.
    if (applied.again)
      throw new DrawbridgeError('conflict', { message: `The user ${applied.detail ?? ''}.` });
    if (applied.state === 'applied') await blockChanged(this.#parts, undefined, [here.id], signal);
    return applied.state;
  }

  async #note({ id, version }: Confirmed['here'], says: ZitadelState): Promise<void> {
    const { database, clock } = this.#parts;
    await database.read((db) =>
      db
        .updateTable('users')
        .set({ zitadel_state: says, zitadel_seen_at: new Date(clock.now()) })
        .where('id', '=', id)
        .where('version', '=', version)
        .execute(),
    );
  }

  async #enforce(
    { id, version }: Confirmed['here'],
    there: There,
    change: Omit<Change, 'decision'>,
  ): Promise<Outcome> {
    const who = { actor: ourselves, reason: 'deactivated here; the conflict rule is stricter' };
    await requestState(this.#parts, id, false, who, version);
    await this.#parts.database.transaction((trx) => recordConflict(trx, { ...change, there }, 'directory'));
    return 'applied';
  }

  /** Too many at once to be believed one by one: a sweep looks at all of them, and asks a person. */
  async #askForSweep(): Promise<void> {
    const { database, jobs, clock, logger } = this.#parts;
    const at = new Date(clock.now());
    try {
      await database.transaction(async (trx) => {
        const recent = await trx
          .selectFrom('sweeps')
          .select('id')
          .where('cause', '=', 'event')
          .where('started_at', '>', new Date(at.getTime() - lookBackMs))
          .limit(1)
          .executeTakeFirst();
        if (recent) return;
        const { id, created } = await insertSweep(trx, { cause: 'event', requestedBy: ourselves, at });
        if (created) await jobs.send(trx, 'sweep', { sweepId: id });
      });
      logger.warn({ component: 'sync', code: 'sweep_braked' }, 'events would deactivate too many at once');
    } catch (error) {
      // The one under way, or the next by the clock, sees them as well.
      if (!(error instanceof DrawbridgeError && error.code === 'sweep_running')) throw error;
    }
  }
}
