import {
  backoff,
  type Clock,
  DrawbridgeError,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { type EventsDatabase, eventsTables } from '../database/index.ts';
import type { EventSource, ZitadelEvent } from '../event/index.ts';
import { type Consumer, checkConsumers } from './consumer.ts';
import { type Delivery, deliverNext, isOutage } from './deliver.ts';
import { oldestWaiting } from './oldest-waiting.ts';
import { recordEvents } from './record.ts';
import { forgetConsumer, registerConsumer } from './register.ts';
import { pruneInbox } from './retention.ts';
import {
  type DeliveryKey,
  discardSetAside,
  listSetAside,
  retrySetAside,
  type SetAside,
} from './set-aside.ts';
import { WakeUp } from './wake-up.ts';

/** One instance's events and who wants them. */
export interface InboxOptions<S> {
  readonly database: EventsDatabase<S>;
  /** Id of the instance whose events these are. */
  readonly instance: string;
  readonly consumers: readonly Consumer<S>[];
  /** How far back events are read for a consumer that is new, in milliseconds. Default 24 hours. */
  readonly lookBackMs?: number;
  /** Tries of an event before it is set aside. Default 8. */
  readonly attempts?: number;
  /** Upper bound of the first wait between tries, in milliseconds; doubled each time. Default 1,000. */
  readonly retryBaseMs?: number;
  /** Upper bound of any such wait, in milliseconds. Default 300,000. */
  readonly retryMaxMs?: number;
  /** Time for one handler, in milliseconds. Default 10,000. */
  readonly handlerMs?: number;
  /** How often events that another process stored are looked for, in milliseconds. Default 1,000. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** How often waiting events are looked at, in milliseconds. */
const measureMs = 10_000;

/** The durable inbox of one instance. */
export interface Inbox {
  /** Id of the instance. */
  readonly instance: string;
  /** Writes down what the consumers want. Safe to repeat, and on several machines at once. */
  register(): Promise<void>;
  /**
   * Stores events; what is stored already is passed over. When it resolves they are durable.
   *
   * @returns those that are new here
   * @throws {DrawbridgeError} `database_unavailable`
   */
  record(events: readonly ZitadelEvent[], source: EventSource): Promise<readonly ZitadelEvent[]>;
  /** Called with every event that was new here, once it is durable. Returns the way to stop. */
  onRecorded(listener: (events: readonly ZitadelEvent[], source: EventSource) => void): () => void;
  /** Applies all that is ready, of every consumer. @returns how many events were applied */
  drain(): Promise<number>;
  /** Has the consumers look for events now. */
  wake(): void;
  /** Begins to apply events as they become ready; {@link Inbox.register} comes first. */
  start(): void;
  /** Ends the handlers under way; what they did is rolled back, and done again by the next start. */
  stop(): Promise<void>;
  /** Events that could not be applied, oldest first, at most `limit` (default 100). */
  setAside(limit?: number): Promise<readonly SetAside[]>;
  /** Has an event that was set aside tried again. @returns whether there is one */
  retry(key: DeliveryKey): Promise<boolean>;
  /** Gives up on an event that was set aside, so that its successors go on. @returns whether there is one */
  discard(key: DeliveryKey): Promise<boolean>;
  /** Forgets a consumer that is no more, with all it had still to apply. */
  forget(consumer: string): Promise<void>;
  /**
   * Removes events older than `ms` that every consumer has applied. An hour more than may be read again is always kept.
   *
   * @returns how many
   */
  prune(ms: number): Promise<number>;
}

/**
 * Makes the inbox of one instance: webhooks and catch-up write into it, and each consumer applies each event once, in the
 * order of its aggregate.
 *
 * An event that a handler refuses is tried again, later and later; after `attempts` tries it is set aside with the
 * reason. The later events of its aggregate wait until a person retries or discards it; all others go on.
 *
 * @throws {DrawbridgeError} `invalid_settings` when the consumers cannot be
 * @example
 * ```ts
 * import { createInbox, type EventsDatabase } from '@drawbridge/events';
 *
 * declare const database: EventsDatabase;
 * const inbox = createInbox({
 *   database,
 *   instance: '312909075211944344',
 *   consumers: [
 *     {
 *       name: 'status',
 *       eventTypes: ['user.deactivated', 'user.reactivated'],
 *       handle: async (event) => console.log(event.type, event.aggregateId),
 *     },
 *   ],
 * });
 * await inbox.register();
 * inbox.start();
 * ```
 */
export function createInbox<S>(options: InboxOptions<S>): Inbox {
  checkConsumers(options.consumers);
  const { database, instance, consumers, clock = systemClock, logger = silentLogger } = options;
  const metrics = options.metrics ?? noMetrics;
  const listeners = new Set<(events: readonly ZitadelEvent[], source: EventSource) => void>();
  const lookBackMs = options.lookBackMs ?? 24 * 3_600_000;
  // What may be read again has to be known still, or it would be applied again.
  const leastKeptMs = Math.max(lookBackMs, ...consumers.map((one) => one.lookBackMs ?? 0)) + 3_600_000;
  const stopping = new AbortController();
  const news = new WakeUp(clock);
  let loops: Promise<unknown> | undefined;

  const deliver = async (consumer: Consumer<S>): Promise<Delivery> => {
    const delivery = await deliverNext({
      database,
      instance,
      consumer,
      clock,
      attempts: options.attempts ?? 8,
      retryMs: (attempt) =>
        backoff(attempt, {
          baseMs: options.retryBaseMs ?? 1_000,
          maxMs: options.retryMaxMs ?? 300_000,
          ...(options.random ? { random: options.random } : {}),
        }),
      handlerMs: options.handlerMs ?? 10_000,
      signal: stopping.signal,
    });
    note(consumer.name, delivery);
    return delivery;
  };

  const note = (consumer: string, delivery: Delivery) => {
    const { outcome } = delivery;
    if (outcome === 'nothing') return;
    metrics.count('drawbridge_events_applied_total', { instance, consumer, outcome });
    if (outcome === 'applied') {
      const seconds = (clock.now() - delivery.event.createdAt.getTime()) / 1_000;
      metrics.observe('drawbridge_events_lag_seconds', { instance, consumer }, Math.max(0, seconds));
      return;
    }
    const fields = { component: 'events', instance, job: consumer, err: delivery.error };
    if (outcome === 'failed') logger.warn(fields, 'an event could not be applied and is tried again');
    else logger.error(fields, 'an event is set aside; the later ones of its aggregate wait for a person');
  };

  /** Until nothing is ready. */
  const drainOne = async (consumer: Consumer<S>): Promise<number> => {
    for (let applied = 0; ; ) {
      if (stopping.signal.aborted) return applied;
      const delivery = await deliver(consumer);
      if (delivery.outcome === 'nothing') return applied;
      if (delivery.outcome === 'applied') applied += 1;
      // One event shows that the other side is away; thousands would only hammer it.
      else if (consumer.effect && isOutage(delivery.error)) throw delivery.error;
    }
  };

  /** How long the oldest has waited. Without it an outage of what consumers call would show in nothing that is counted. */
  const measure = async ({ name: consumer }: Consumer<S>): Promise<void> => {
    try {
      const oldest = await database.read((db) => oldestWaiting(eventsTables(db), instance, consumer));
      const seconds = oldest === undefined ? 0 : (clock.now() - oldest.getTime()) / 1_000;
      metrics.set('drawbridge_events_waiting_seconds', { instance, consumer }, Math.max(0, seconds));
    } catch (err) {
      if (!stopping.signal.aborted)
        logger.debug({ component: 'events', instance, err }, 'waiting events cannot be counted');
    }
  };

  const loop = async (consumer: Consumer<S>): Promise<void> => {
    let measuredAt = Number.NEGATIVE_INFINITY;
    for (let failures = 0; !stopping.signal.aborted; ) {
      const seen = news.count;
      try {
        await drainOne(consumer);
        failures = 0;
      } catch (err) {
        if (stopping.signal.aborted) return;
        failures += 1;
        logger.warn({ component: 'events', instance, job: consumer.name, err }, 'events cannot be applied');
      }
      if (clock.now() - measuredAt >= measureMs) {
        measuredAt = clock.now();
        await measure(consumer);
      }
      const waitMs = (options.pollMs ?? 1_000) * Math.min(2 ** failures, 32);
      await news.wait(waitMs, failures > 0 ? news.count : seen, stopping.signal);
    }
  };

  return {
    instance,
    async register() {
      for (const { name, eventTypes, ...consumer } of consumers) {
        const since = new Date(clock.now() - (consumer.lookBackMs ?? lookBackMs));
        await database.transaction((trx) =>
          registerConsumer(eventsTables(trx), { instance, consumer: name, eventTypes, since }),
        );
      }
    },
    async record(events, source) {
      const foreign = events.find((event) => event.instance !== instance);
      if (foreign)
        throw new DrawbridgeError('internal', {
          message: 'An event of another instance came to this inbox.',
        });
      if (events.length === 0) return [];
      const fresh = await database.transaction((trx) =>
        recordEvents(eventsTables(trx), events, source, new Date(clock.now())),
      );
      if (fresh.length > 0) {
        news.wake();
        for (const listener of listeners) listener(fresh, source);
      }
      return fresh;
    },
    onRecorded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async drain() {
      let applied = 0;
      for (const consumer of consumers) applied += await drainOne(consumer);
      return applied;
    },
    wake: () => news.wake(),
    start() {
      loops ??= Promise.all(consumers.map(loop));
    },
    async stop() {
      stopping.abort();
      await loops;
    },
    setAside: (limit = 100) => database.read((db) => listSetAside(eventsTables(db), instance, limit)),
    async retry(key) {
      const found = await database.transaction((trx) => retrySetAside(eventsTables(trx), instance, key));
      if (found) news.wake();
      return found;
    },
    async discard(key) {
      const found = await database.transaction((trx) => discardSetAside(eventsTables(trx), instance, key));
      if (found) news.wake();
      return found;
    },
    forget: (consumer) =>
      database.transaction((trx) => forgetConsumer(eventsTables(trx), instance, consumer)),
    prune: (ms) =>
      database.transaction((trx) =>
        pruneInbox(eventsTables(trx), instance, new Date(clock.now() - Math.max(ms, leastKeptMs))),
      ),
  };
}
