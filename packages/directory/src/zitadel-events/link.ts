import {
  type CatchUp,
  createCatchUp,
  createEventExecutions,
  createEventReader,
  createInbox,
  createReceiver,
  createRevocations,
  createSigningKeys,
  type EventExecutions,
  type Inbox,
  type Receiver,
  type Revocations,
} from '@drawbridge/events';
import { type Clock, DrawbridgeError, type Logger, type Metrics } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Database, Schema } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Settings } from '../settings/index.ts';
import { statusConsumer } from '../status/index.ts';
import { targetNameOf } from './withdraw.ts';

/** What a link is made of. */
export interface LinkParts {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** One Zitadel whose events come here. */
export interface LinkOptions {
  readonly integrationId: string;
  /** Its account reads events, and registers webhooks where `endpoint` is given. */
  readonly zitadel: Zitadel;
  /** Where Zitadel reaches the receiver. Absent: events are read every few seconds, and nothing is registered. */
  readonly endpoint?: string;
  readonly signal: AbortSignal;
}

/** The way of one Zitadel's events to us. */
export interface Link {
  readonly receiver: Receiver | undefined;
  readonly revocations: Revocations<Schema>;
  /** Forgets events that everybody has applied. */
  prune(): Promise<void>;
  stop(): Promise<void>;
}

/** Events are kept this long after they were applied. */
const keptMs = 7 * 86_400_000;

/**
 * Opens the way of one Zitadel's events: inbox, catch-up, revocations and, where Zitadel can reach us, webhooks.
 *
 * @throws {DrawbridgeError} what calls to Zitadel throw; `zitadel_forbidden` where the account may not read events
 */
export async function openLink(parts: LinkParts, options: LinkOptions): Promise<Link> {
  const { database, jobs, settings, clock, logger, metrics } = parts;
  const { integrationId, zitadel, endpoint, signal } = options;
  const { id: instance } = await zitadel.instance.get({ signal });
  const reader = createEventReader(zitadel.events, instance);
  const values = await settings.read();
  const revocations = createRevocations<Schema>({
    database,
    instance,
    reader,
    tokenLifeMs: values['tokens.lifeMinutes'] * 60_000,
    clock,
    logger,
  });
  const consumers = [revocations.consumer, statusConsumer(integrationId, jobs)];
  const eventTypes = consumers.flatMap((one) => one.eventTypes);
  // Shows whether the account may read events at all, before anything is set in motion.
  await reader.read({ types: eventTypes.slice(0, 1), since: new Date(clock.now()), limit: 2 }, { signal });
  const inbox = createInbox<Schema>({ database, instance, consumers, clock, logger, metrics });
  await inbox.register();
  const catchUp = createCatchUp({ database, inbox, reader, clock, logger, metrics });
  const executions =
    endpoint === undefined
      ? undefined
      : createEventExecutions({
          actions: zitadel.actions,
          endpoint,
          eventTypes,
          name: targetNameOf(integrationId),
          clock,
          logger,
        });
  const receiver = executions && (await receive(executions, inbox, parts, signal));
  inbox.start();
  catchUp.start();
  revocations.start();
  return {
    receiver,
    revocations,
    prune: async () => {
      await inbox.prune(keptMs);
    },
    stop: () => stopAll(catchUp, inbox, revocations),
  };
}

/** That webhooks cannot be registered makes events come later, not never. */
async function receive(
  executions: EventExecutions,
  inbox: Inbox,
  { clock, logger, metrics }: LinkParts,
  signal: AbortSignal,
): Promise<Receiver | undefined> {
  try {
    const { unknownTypes } = await executions.ensure({ signal });
    if (unknownTypes.length > 0)
      logger.warn({ component: 'events', count: unknownTypes.length }, 'Zitadel does not know some events');
  } catch (err) {
    if (!(err instanceof DrawbridgeError) || signal.aborted) throw err;
    logger.warn({ component: 'events', code: err.code, err }, 'webhooks are not registered; events are read');
    return undefined;
  }
  const keys = createSigningKeys({ load: () => executions.signingKey(), clock });
  return createReceiver({ inbox, keys, clock, logger, metrics });
}

async function stopAll(catchUp: CatchUp, inbox: Inbox, revocations: Revocations<Schema>): Promise<void> {
  await catchUp.stop();
  await inbox.stop();
  await revocations.stop();
}
