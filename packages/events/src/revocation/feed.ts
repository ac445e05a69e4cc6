import { type Clock, type Logger, silentLogger, systemClock } from '@drawbridge/kit';
import type { RevocationFeed } from '@drawbridge/zitadel';
import type { EventReader } from '../catch-up/index.ts';
import { type EventsDatabase, eventsTables } from '../database/index.ts';
import type { Consumer } from '../inbox/index.ts';
import { type RevocationChoice, revocationTypes } from './event-types.ts';
import { applyRevocation } from './marks.ts';
import { resolveMark, type Unresolved } from './resolve.ts';
import { readState } from './state.ts';

/** Whose tokens are watched, and how. */
export interface RevocationOptions<S> extends RevocationChoice {
  readonly database: EventsDatabase<S>;
  /** Id of the instance. */
  readonly instance: string;
  /** Looks up whose a session was that began before we listened. Without it such a session stays unresolved. */
  readonly reader?: EventReader;
  /** The longest life of an access token, in milliseconds; marks are kept as long. Default 12 hours, as Zitadel's. */
  readonly tokenLifeMs?: number;
  /** How often marks of other processes are read, in milliseconds. Default 1,000. */
  readonly pollMs?: number;
  /** How far the clocks that date tokens and events may be apart, in milliseconds. Default 1,000. */
  readonly skewMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A revocation feed with its life. */
export interface Revocations<S> extends RevocationFeed {
  /** To be given to the inbox: it turns events into marks. */
  readonly consumer: Consumer<S>;
  /** Reads the marks once. @throws {DrawbridgeError} `database_unavailable` */
  poll(signal?: AbortSignal): Promise<void>;
  /** Reads the marks now and by the interval. */
  start(): void;
  stop(): Promise<void>;
}

/** A transaction may write a mark this long before it is seen: such marks are read again. */
const overlapMs = 60_000;
const pruneEveryMs = 3_600_000;
/** Look-ups of one poll; the rest follows at the next. */
const mostLookUps = 10;

/**
 * Makes the feed that lets a verifier accept tokens without asking Zitadel: the events of an instance become marks in the
 * database, which every replica reads.
 *
 * A mark denies what was issued before it: to a user who was deactivated, locked or removed, to one whose authorization
 * changed, to a session that was terminated. What cannot be put to a user (an organization that was deactivated, a
 * session whose user is not found) makes every token from before it doubtful: these are introspected, newer ones not.
 *
 * @example
 * ```ts
 * import { createInbox, createRevocations, type EventsDatabase } from '@drawbridge/events';
 *
 * declare const database: EventsDatabase;
 * const instance = '312909075211944344';
 * const revocations = createRevocations({ database, instance });
 * const inbox = createInbox({ database, instance, consumers: [revocations.consumer] });
 * await inbox.register();
 * inbox.start();
 * revocations.start();
 * console.log(revocations.ageMs()); // Infinity until catch-up has run
 * ```
 */
export function createRevocations<S>(options: RevocationOptions<S>): Revocations<S> {
  const { database, instance, reader, clock = systemClock, logger = silentLogger } = options;
  const { tokenLifeMs = 12 * 3_600_000, pollMs = 1_000, skewMs = 1_000 } = options;
  const stopping = new AbortController();
  const marks = { user: new Map<string, number>(), session: new Map<string, number>() };
  let unresolved: readonly Unresolved[] = [];
  let completeUntil = Number.NEGATIVE_INFINITY;
  let asOf: Date | undefined;
  let prunedAt = clock.now();
  let running: Promise<void> | undefined;

  const consumer: Consumer<S> = {
    name: 'revocations',
    eventTypes: revocationTypes(options),
    // Marks only move forward, so nothing has to wait.
    order: 'arrival',
    lookBackMs: tokenLifeMs,
    handle: (event, { trx }) => applyRevocation(eventsTables(trx), event),
  };

  const read = async (): Promise<void> => {
    const since = asOf && new Date(asOf.getTime() - overlapMs);
    const state = await database.read((db) => readState(eventsTables(db), instance, consumer.name, since));
    for (const { kind, id, notBefore } of state.marks) {
      const known = marks[kind].get(id) ?? Number.NEGATIVE_INFINITY;
      marks[kind].set(id, Math.max(known, notBefore.getTime()));
    }
    unresolved = state.unresolved.filter(({ notBefore }) => notBefore.getTime() + tokenLifeMs > clock.now());
    asOf = state.asOf;
    if (state.completeUntil) completeUntil = Math.max(completeUntil, state.completeUntil.getTime());
  };

  const resolve = async (signal: AbortSignal): Promise<void> => {
    if (!reader) return;
    let turned = false;
    for (const one of unresolved.slice(0, mostLookUps)) {
      try {
        turned = (await resolveMark(database, reader, instance, one, { signal })) || turned;
      } catch (err) {
        // It stays unresolved, and older tokens are introspected: no reason to stop reading marks.
        logger.warn({ component: 'events', instance, err }, 'the user of a revocation was not found out');
        return;
      }
    }
    if (turned) await read();
  };

  const prune = async (): Promise<void> => {
    if (clock.now() - prunedAt < pruneEveryMs) return;
    prunedAt = clock.now();
    const before = clock.now() - tokenLifeMs - skewMs;
    for (const kind of [marks.user, marks.session])
      for (const [id, notBefore] of kind) if (notBefore < before) kind.delete(id);
    await database.transaction((trx) =>
      eventsTables(trx)
        .deleteFrom('events_revocations')
        .where('instance', '=', instance)
        .where('not_before', '<', new Date(before))
        .execute(),
    );
  };

  const poll = async (given?: AbortSignal): Promise<void> => {
    const signal = given ? AbortSignal.any([given, stopping.signal]) : stopping.signal;
    await read();
    await resolve(signal);
    await prune();
  };

  const loop = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        await poll();
        failures = 0;
      } catch (err) {
        if (stopping.signal.aborted) return;
        failures += 1;
        logger.warn({ component: 'events', instance, err }, 'revocations cannot be read');
      }
      const waitMs = pollMs * Math.min(2 ** failures, 16);
      await clock.sleep(waitMs, stopping.signal, { background: true }).catch(() => undefined);
    }
  };

  return {
    consumer,
    ageMs() {
      return Math.max(0, clock.now() - completeUntil);
    },
    doubtful({ issuedAt }) {
      return unresolved.some(({ notBefore }) => issuedAt <= notBefore.getTime() + skewMs);
    },
    denied({ subject, session, issuedAt }) {
      const deniedBy = (notBefore: number | undefined) =>
        notBefore !== undefined && issuedAt <= notBefore + skewMs;
      return (
        deniedBy(marks.user.get(subject)) || (session !== undefined && deniedBy(marks.session.get(session)))
      );
    },
    poll,
    start() {
      running ??= loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
