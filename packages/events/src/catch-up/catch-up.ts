import {
  backoff,
  type Clock,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { type EventsDatabase, eventsTables } from '../database/index.ts';
import { type Inbox, WakeUp } from '../inbox/index.ts';
import { advanceCursors, confirmPass, type PassStart, readStart } from './progress.ts';
import { type EventReader, mostEvents, mostTypes } from './reader.ts';

/** How the event store is read. */
export interface CatchUpOptions<S> {
  readonly database: EventsDatabase<S>;
  readonly inbox: Inbox;
  readonly reader: EventReader;
  /** Time between two passes when nothing calls for one, in milliseconds. Default 10,000. */
  readonly intervalMs?: number;
  /** At least this long between the beginnings of two passes, in milliseconds. Default 250. */
  readonly gapMs?: number;
  /**
   * How far each pass reaches back behind what was read, in milliseconds. Zitadel dates an event before it is visible,
   * by up to the 15 s that it gives a write. Default 60,000.
   */
  readonly overlapMs?: number;
  /** Events in one page, 2 to 1,000. Default 1,000. */
  readonly pageSize?: number;
  /** Time for one pass, in milliseconds; what was read until then is kept. Default 120,000. */
  readonly passMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** What one pass did. */
export interface Pass {
  /** Events that were not known before. */
  readonly recovered: number;
  /** Whether something came meanwhile, so that only another pass can confirm it. */
  readonly more: boolean;
}

/** Keeps the inbox complete. */
export interface CatchUp {
  /**
   * Reads once what the event store has beyond the inbox.
   *
   * @throws {DrawbridgeError} what calls to Zitadel throw, `database_unavailable`
   */
  pass(signal?: AbortSignal): Promise<Pass>;
  /** Runs passes: now, after every webhook, and by the interval. */
  start(): void;
  /** Asks for a pass now. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * Makes what keeps an inbox complete: webhooks get lost, since Zitadel never repeats one, so the event store is read with
 * a cursor for each event type. A complete pass that began after an event was stored proves that nothing before it in its
 * aggregate is missing; that is what consumers with the order `confirmed` wait for.
 *
 * If Zitadel wrote more events in one millisecond than a page holds (a role taken from thousands of grants at once), the
 * rest of them cannot be read: that is logged as an error, and left to a sweep.
 *
 * @example
 * ```ts
 * import { createCatchUp, createEventReader, type EventsDatabase, type Inbox } from '@drawbridge/events';
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * declare const database: EventsDatabase;
 * declare const inbox: Inbox;
 * const viewer = createZitadel({
 *   issuer: 'https://sso.acme.example',
 *   credentials: serviceAccountFile('/etc/drawbridge/events-viewer.json'),
 * });
 * const reader = createEventReader(viewer.events, inbox.instance);
 * createCatchUp({ database, inbox, reader }).start();
 * ```
 */
export function createCatchUp<S>(options: CatchUpOptions<S>): CatchUp {
  const { database, inbox, reader, clock = systemClock, logger = silentLogger } = options;
  const { intervalMs = 10_000, gapMs = 250, overlapMs = 60_000, random = Math.random } = options;
  const pageSize = Math.min(options.pageSize ?? mostEvents, mostEvents);
  const metrics = options.metrics ?? noMetrics;
  const { instance } = inbox;
  const stopping = new AbortController();
  const news = new WakeUp(clock);
  let running: Promise<void> | undefined;
  let stopListening: (() => void) | undefined;
  let caughtUpAt: number | undefined;

  const readTypes = async (types: PassStart['types'], signal: AbortSignal): Promise<number> => {
    const names = types.map(({ type }) => type);
    let recovered = 0;
    let since = Math.min(...types.map(({ through }) => through.getTime())) - overlapMs;
    for (;;) {
      signal.throwIfAborted();
      const query = { types: names, since: new Date(Math.max(since, 0)), limit: pageSize };
      const events = await reader.read(query, { signal });
      recovered += (await inbox.record(events, 'catchup')).length;
      const newest = Math.max(...events.map(({ createdAt }) => createdAt.getTime()));
      if (events.length > 0)
        await database.transaction((trx) =>
          advanceCursors(eventsTables(trx), instance, names, new Date(newest)),
        );
      if (events.length < pageSize) return recovered;
      since = nextSince(since, newest, () => {
        const fields = { component: 'events', instance, count: events.length };
        logger.error(fields, 'more events in one millisecond than a page holds; the rest is left to a sweep');
      });
    }
  };

  const pass = async (given?: AbortSignal): Promise<Pass> => {
    const limit = AbortSignal.timeout(options.passMs ?? 120_000);
    const signal = AbortSignal.any([limit, stopping.signal, ...(given ? [given] : [])]);
    const startedAt = clock.now();
    try {
      const start = await database.read((db) => readStart(eventsTables(db), instance));
      let recovered = 0;
      for (let at = 0; at < start.types.length; at += mostTypes)
        recovered += await readTypes(start.types.slice(at, at + mostTypes), signal);
      const { counts, newest } = await database.transaction((trx) =>
        confirmPass(eventsTables(trx), instance, start, new Date(startedAt)),
      );
      caughtUpAt = startedAt;
      inbox.wake();
      metrics.count('drawbridge_events_catch_ups_total', { instance, outcome: 'ok' });
      metrics.count('drawbridge_events_recovered_total', { instance }, recovered);
      if (recovered > 0)
        logger.info(
          { component: 'events', instance, count: recovered },
          'events were found in the event store',
        );
      return { recovered, more: !counts || newest > start.position };
    } catch (error) {
      metrics.count('drawbridge_events_catch_ups_total', { instance, outcome: 'failed' });
      throw error;
    } finally {
      if (caughtUpAt !== undefined)
        metrics.set(
          'drawbridge_events_caught_up_age_seconds',
          { instance },
          (clock.now() - caughtUpAt) / 1_000,
        );
    }
  };

  const loop = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const seen = news.count;
      let waitMs = intervalMs * (0.9 + random() * 0.2);
      try {
        const { more } = await pass();
        failures = 0;
        if (more) waitMs = 0;
      } catch (err) {
        if (stopping.signal.aborted) return;
        failures += 1;
        waitMs = Math.max(intervalMs, backoff(failures, { baseMs: 2_000, maxMs: 120_000, random }));
        logger.warn({ component: 'events', instance, err }, 'the event store cannot be read');
      }
      await clock.sleep(gapMs, stopping.signal, { background: true }).catch(() => undefined);
      // After a failure nothing shortens the wait: webhooks would else hammer a server that is down.
      if (waitMs > gapMs) await news.wait(waitMs - gapMs, failures > 0 ? news.count : seen, stopping.signal);
    }
  };

  return {
    pass,
    start() {
      stopListening ??= inbox.onRecorded((_events, source) => {
        if (source === 'webhook') news.wake();
      });
      running ??= loop();
    },
    wake: () => news.wake(),
    async stop() {
      stopListening?.();
      stopping.abort();
      await running;
    },
  };
}

/**
 * Where the page after a full one begins. The last millisecond may be divided between the two, and Zitadel's bound may or
 * may not include the moment itself, so the page begins a millisecond before it, then at it, and only then behind it.
 */
function nextSince(since: number, newest: number, onSkip: () => void): number {
  if (newest - 1 > since) return newest - 1;
  if (newest > since) return newest;
  onSkip();
  return newest + 1;
}
