import { DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { ZitadelEvent } from '../event/index.ts';

/** What a handler gets beside the event. */
export interface HandlerContext<S> {
  /** Commits together with the fact that the event was applied: whatever is written here is written once. */
  readonly trx: Transaction<S>;
  /** Aborts when the handler's time is over. */
  readonly signal: AbortSignal;
}

/** What an effect gets beside the event. */
export interface EffectContext {
  /** Aborts when the handler's time is over, or the inbox stops. */
  readonly signal: AbortSignal;
}

/**
 * Someone who wants events. Each event is applied once for each consumer, and those of one aggregate in their order.
 * `S` is the schema of the database that the handler writes to.
 */
export interface Consumer<S> {
  /** Names it for good: what it has applied is remembered under this name. Lower-case letters, digits and dashes. */
  readonly name: string;
  /** Exact types; never groups, since Zitadel runs only the most specific execution. */
  readonly eventTypes: readonly string[];
  /**
   * `confirmed`: an event waits until it is sure that none before it in its aggregate is missing, which takes one call
   * to Zitadel after a webhook. `arrival`: at once, for handlers whose result does not depend on the order. Default
   * `confirmed`.
   */
  readonly order?: 'confirmed' | 'arrival';
  /** How far back events are read when it is new, in milliseconds. Default: as the inbox says, 24 hours. */
  readonly lookBackMs?: number;
  /**
   * What an event asks of others over a wire: done before {@link Consumer.handle}, outside of any transaction. It may run
   * again for the same event, and in two processes at once, so it has to be repeatable and to look for itself what is the
   * newest. While it fails with an outage (`unreachable`, `timeout`), the consumer waits: events stay, and none is blamed.
   */
  effect?(event: ZitadelEvent, context: EffectContext): Promise<void>;
  /**
   * Applies one event. It uses the transaction alone and nothing on a wire; what it throws rolls everything back and is
   * tried again.
   */
  handle(event: ZitadelEvent, context: HandlerContext<S>): Promise<void>;
}

const nameRule = /^[a-z][a-z0-9-]{0,62}$/;
const typeRule = /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/;

/**
 * Complains of consumers that cannot be.
 *
 * @throws {DrawbridgeError} `invalid_settings` with every mistake
 */
export function checkConsumers(
  consumers: readonly { readonly name: string; readonly eventTypes: readonly string[] }[],
): void {
  const names = consumers.map(({ name }) => name);
  const problems = consumers.flatMap(({ name, eventTypes }, at) => [
    ...(nameRule.test(name) ? [] : [{ field: name, message: 'is no name for a consumer' }]),
    ...(names.indexOf(name) === at ? [] : [{ field: name, message: 'is there twice' }]),
    ...(eventTypes.length > 0 ? [] : [{ field: name, message: 'wants no event' }]),
    ...eventTypes
      .filter((type) => !typeRule.test(type))
      .map((type) => ({ field: name, message: `wants ${type}, which is no exact event type` })),
  ]);
  if (problems.length > 0)
    throw new DrawbridgeError('invalid_settings', {
      message: 'The consumers of events are not right.',
      problems,
    });
}
