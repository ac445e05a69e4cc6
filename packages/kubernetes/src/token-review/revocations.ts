import {
  createRevocations,
  type EventsDatabase,
  listedInstances,
  type Revocations,
} from '@drawbridge/events';
import {
  backoff,
  type Clock,
  DrawbridgeError,
  type Logger,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { RevocationFeed } from '@drawbridge/zitadel';

/** Where marks are read. */
export interface RevocationReaderOptions<S> {
  /** That of an actions server or a directory, which write the marks. */
  readonly database: EventsDatabase<S>;
  /** Id of the instance. Default: the only one that the database knows. */
  readonly instance?: string;
  /** The longest life of an access token, in milliseconds, as whoever writes the marks has it. Default 12 hours. */
  readonly tokenLifeMs?: number;
  /** How often marks are read, in milliseconds. Default 1,000. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A feed that others write, with its life. */
export interface RevocationReader extends RevocationFeed {
  /** Begins to read, in the background: a database that is away keeps nobody from starting. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Makes the feed of revocations that another process writes into a database. While nothing is known of the database or the
 * instance, it knows of no revocation and says so: every acceptance is introspected within the TTL then, as without it.
 *
 * @example
 * ```ts
 * import type { EventsDatabase } from '@drawbridge/events';
 * import { createRevocationReader } from '@drawbridge/kubernetes';
 *
 * declare const database: EventsDatabase;
 * const revocations = createRevocationReader({ database });
 * revocations.start();
 * console.log(revocations.ageMs()); // Infinity until marks have been read
 * ```
 */
export function createRevocationReader<S>(options: RevocationReaderOptions<S>): RevocationReader {
  const { database, clock = systemClock, logger = silentLogger } = options;
  const { tokenLifeMs, pollMs } = options;
  const stopping = new AbortController();
  let feed: Revocations<S> | undefined;
  let opening: Promise<void> | undefined;

  const find = async (): Promise<string> => {
    if (options.instance !== undefined) return options.instance;
    const listed = await database.read((db) => listedInstances(db));
    const [only] = listed;
    if (only !== undefined && listed.length === 1) return only;
    throw new DrawbridgeError('invalid_settings', {
      message:
        only === undefined
          ? 'The database knows of no instance yet.'
          : 'The database has events of several instances.',
      fix: 'Say which instance it is: --zitadel-instance.',
    });
  };

  const open = async (): Promise<void> => {
    let said: string | undefined;
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      try {
        const instance = await find();
        feed = createRevocations({
          database,
          instance,
          clock,
          logger,
          ...(tokenLifeMs === undefined ? {} : { tokenLifeMs }),
          ...(pollMs === undefined ? {} : { pollMs }),
        });
        feed.start();
        logger.info({ component: 'authn-webhook', instance }, 'revocations are read');
        return;
      } catch (err) {
        const { code, message } = DrawbridgeError.from(err);
        // Once, and not at every try: tokens are introspected meanwhile.
        if (message !== said)
          logger.warn({ component: 'authn-webhook', code, err }, 'revocations cannot be read yet');
        said = message;
      }
      const waitMs = backoff(failures, { baseMs: 1_000, maxMs: 5_000 });
      await clock.sleep(waitMs, stopping.signal, { background: true }).catch(() => undefined);
    }
  };

  return {
    ageMs: () => feed?.ageMs() ?? Number.POSITIVE_INFINITY,
    denied: (token) => feed?.denied(token) ?? false,
    doubtful: (claims) => feed?.doubtful?.(claims) ?? true,
    start() {
      opening ??= open();
    },
    async stop() {
      stopping.abort();
      await opening;
      await feed?.stop();
    },
  };
}
