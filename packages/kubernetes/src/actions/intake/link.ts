import {
  type CatchUp,
  type Consumer,
  createCatchUp,
  createEventReader,
  createInbox,
  createReceiver,
  createRevocations,
  type EventsDatabase,
  type Inbox,
  type Receiver,
  type SigningKeys,
} from '@drawbridge/events';
import type { Clock, Logger, Metrics } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';

/** What a way of events is made of. */
export interface LinkOptions<S> {
  readonly database: EventsDatabase<S>;
  readonly instance: string;
  readonly keys: SigningKeys | undefined;
  /** Whose account may read events; without it nothing that a webhook lost is found again. */
  readonly zitadel: Pick<Zitadel, 'events'> | undefined;
  /** Who wants events besides the revocation feed. */
  readonly consumers: readonly Consumer<S>[];
  readonly tokenLifeMs?: number | undefined;
  /** How often work of other processes is looked for, in milliseconds. */
  readonly pollMs?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The way of one instance's events, open. */
export interface Link {
  readonly instance: string;
  readonly receiver: Receiver;
  prune(): Promise<void>;
  stop(): Promise<void>;
}

/** Events are kept this long after they were applied. */
const keptMs = 7 * 86_400_000;
/** Events that were set aside and are tried again at a start. */
const mostRetried = 1_000;
/** An effect has calls of 8 s in it. */
const handlerMs = 20_000;

/**
 * Opens the way of an instance's events into the database, and from there to whoever wants them.
 *
 * @throws {DrawbridgeError} `database_unavailable`
 */
export async function openLink<S>(options: LinkOptions<S>): Promise<Link> {
  const { database, instance, zitadel, clock, logger, metrics, keys } = options;
  const reader = zitadel && createEventReader(zitadel.events, instance);
  const revocations = createRevocations<S>({
    database,
    instance,
    clock,
    logger,
    ...(reader ? { reader } : {}),
    ...(options.tokenLifeMs === undefined ? {} : { tokenLifeMs: options.tokenLifeMs }),
  });
  const inbox: Inbox = createInbox<S>({
    database,
    instance,
    consumers: [revocations.consumer, ...options.consumers],
    handlerMs,
    clock,
    logger,
    metrics,
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
  });
  await inbox.register();
  // Whoever restarts has set something right: what was refused until then is tried once more.
  for (const refused of await inbox.setAside(mostRetried))
    if (options.consumers.some(({ name }) => name === refused.consumer)) await inbox.retry(refused);
  const receiver = createReceiver({
    inbox,
    keys: keys ?? [],
    unsigned: keys === undefined,
    clock,
    logger,
    metrics,
  });
  const catchUp: CatchUp | undefined =
    reader && createCatchUp({ database, inbox, reader, clock, logger, metrics });
  inbox.start();
  catchUp?.start();
  // Nobody asks this feed here: it puts names to sessions that ended, for those who do.
  if (reader) revocations.start();
  return {
    instance,
    receiver,
    async prune() {
      await inbox.prune(keptMs);
    },
    async stop() {
      await catchUp?.stop();
      await inbox.stop();
      await revocations.stop();
    },
  };
}
