import { type Consumer, type EventsDatabase, eventsTables, type ZitadelEvent } from '@drawbridge/events';
import { DrawbridgeError, type Logger, silentLogger } from '@drawbridge/kit';
import { notedTypes, noteOf } from './notes.ts';
import { statusOfSignIn } from './profile.ts';
import type { ProviderNames } from './providers.ts';
import { createSignIns } from './sign-ins.ts';
import type { NewUser, UserObjects } from './user-objects.ts';

/** Events that a User object is made for. */
export type CreatingEvent = 'user.human.selfregistered' | 'user.human.added';

/** What events become. */
export interface UserConsumerOptions<S> {
  readonly database: EventsDatabase<S>;
  readonly instance: string;
  readonly users: UserObjects;
  readonly providers: ProviderNames;
  readonly createOn: readonly CreatingEvent[];
  readonly logger?: Logger;
}

const signedIn = 'idpintent.succeeded';
const linked = 'user.human.externalidp.added';
/** Needed beside the others: the one event that says which provider it is. */
const begun = 'idpintent.started';

/**
 * The consumer that writes User objects. What it writes is what the inbox has of the newest, whatever the event at hand says: in
 * which order events come, and how often, then makes no difference.
 */
export function userConsumer<S>(options: UserConsumerOptions<S>): Consumer<S> {
  const { database, instance, users, providers, createOn, logger = silentLogger } = options;
  const signIns = createSignIns(database, instance);
  const log = (user: string) => ({ component: 'actions-server', instance, user });

  /** Until what is shown is the newest: another process may have shown an older one meanwhile. */
  const showSignIn = async (userId: string, signal: AbortSignal): Promise<void> => {
    for (let shown: string | undefined; ; ) {
      const newest = await signIns.newest(userId);
      if (!newest || newest.intentId === shown) return;
      const provider = newest.idpId === undefined ? undefined : await providers.of(newest.idpId, signal);
      if (newest.idpId === undefined)
        logger.info(
          log(userId),
          'the provider of a sign-in is not known: its idpintent.started did not come',
        );
      if (!(await users.setSignIn(userId, statusOfSignIn(newest, provider), signal))) {
        logger.info(log(userId), 'a sign-in is not shown: there is no such User object');
        return;
      }
      shown = newest.intentId;
    }
  };

  const create = async (event: ZitadelEvent, signal: AbortSignal): Promise<void> => {
    const user = newUserOf(event);
    if (!user) {
      logger.warn(log(event.aggregateId), 'a user without a mail address gets no User object');
      return;
    }
    if (await wasRemovedSince(event)) return;
    const made = await users.create(user, signal);
    logger.info(log(user.id), made ? 'a User object was made' : 'the User object was there already');
    await showSignIn(user.id, signal);
  };

  /** One who is gone already: an object would be of nobody. */
  const wasRemovedSince = async ({ aggregateId, sequence }: ZitadelEvent): Promise<boolean> => {
    const removal = await database.read((db) =>
      eventsTables(db)
        .selectFrom('events_inbox')
        .select('position')
        .where('instance', '=', instance)
        .where('aggregate_type', '=', 'user')
        .where('aggregate_id', '=', aggregateId)
        .where('sequence', '>', sequence)
        .where('event_type', '=', 'user.removed')
        .executeTakeFirst(),
    );
    return removal !== undefined;
  };

  /** The sign-in that an intent ended with, if it has come before its beginning. */
  const endOf = async (intentId: string): Promise<ZitadelEvent['payload'] | undefined> => {
    const row = await database.read((db) =>
      eventsTables(db)
        .selectFrom('events_inbox')
        .select('payload')
        .where('instance', '=', instance)
        .where('aggregate_type', '=', 'idpintent')
        .where('aggregate_id', '=', intentId)
        .where('event_type', '=', signedIn)
        .executeTakeFirst(),
    );
    return row ? (row.payload ?? {}) : undefined;
  };

  const apply = async (event: ZitadelEvent, signal: AbortSignal): Promise<void> => {
    const note = noteOf(event);
    if (note) {
      await users.note(event.aggregateId, note, signal);
    } else if (event.type === linked) {
      await showSignIn(event.aggregateId, signal);
    } else if (event.type === begun || event.type === signedIn) {
      const payload = event.type === signedIn ? event.payload : await endOf(event.aggregateId);
      const userId = payload && (await signIns.userOf({ ...event, payload }));
      if (userId !== undefined) await showSignIn(userId, signal);
    } else {
      await create(event, signal);
    }
  };

  return {
    name: 'user-objects',
    eventTypes: [...createOn, signedIn, linked, begun, ...notedTypes],
    order: 'arrival',
    effect: (event, { signal: given }) => inTime(given, (signal) => apply(event, signal)),
    // All it does is outside.
    handle: async () => undefined,
  };
}

/** Below the inbox's own time for an event: what is slow is away, and nothing against the event. */
const effectMs = 15_000;

async function inTime(given: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const deadline = AbortSignal.timeout(effectMs);
  try {
    await work(AbortSignal.any([given, deadline]));
  } catch (cause) {
    if (given.aborted || !deadline.aborted) throw cause;
    throw new DrawbridgeError('timeout', { message: 'Cluster or Zitadel were too slow.', cause });
  }
}

function newUserOf({ aggregateId, payload }: ZitadelEvent): NewUser | undefined {
  const text = (field: string) => {
    const value = payload?.[field];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const email = text('email');
  const [givenName, familyName] = [text('firstName'), text('lastName')];
  return email === undefined
    ? undefined
    : {
        id: aggregateId,
        email,
        ...(givenName === undefined ? {} : { givenName }),
        ...(familyName === undefined ? {} : { familyName }),
      };
}
