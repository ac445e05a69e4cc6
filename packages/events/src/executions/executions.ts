import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { type Actions, type CallOptions, hasId } from '@drawbridge/zitadel';
import type { ZitadelEvent } from '../event/index.ts';
import type { Inbox } from '../inbox/index.ts';
import { type ExecutionPlan, planExecutions, type WantedTarget } from './plan.ts';

/** Which events of an instance are to come where. */
export interface EventExecutionsOptions {
  /** Of a Zitadel client whose service account may write targets and executions (IAM_OWNER). */
  readonly actions: Pick<
    Actions,
    | 'createTarget'
    | 'updateTarget'
    | 'rotateSigningKey'
    | 'getTarget'
    | 'listTargets'
    | 'setExecution'
    | 'listExecutions'
  >;
  /** URL of the receiver's route, as Zitadel reaches it. */
  readonly endpoint: string;
  /** What all consumers want, together; doubles do no harm. */
  readonly eventTypes: readonly string[];
  /** Tells our target from those of others. Default `drawbridge-events`. */
  readonly name?: string;
  /** How long Zitadel waits for an answer, in milliseconds; all targets of an event share 10 s. Default 5,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What was done. */
export interface EnsuredExecutions extends ExecutionPlan {
  /** Id of the target. */
  readonly targetId: string;
  /** Event types that this Zitadel does not know; nobody will be told of them. */
  readonly unknownTypes: readonly string[];
}

/** How the probe learns of what arrives. */
export interface ProbeOptions extends CallOptions {
  readonly inbox: Pick<Inbox, 'onRecorded'>;
  /** How long the event may take, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
}

/** The target and the executions of one receiver. */
export interface EventExecutions {
  /** What differs; changes nothing. */
  plan(options?: CallOptions): Promise<ExecutionPlan>;
  /**
   * Makes target and executions as they should be. Repeating it does nothing. Targets of others stay in every execution,
   * and nothing of theirs is removed.
   *
   * @throws {DrawbridgeError} what calls to Zitadel throw
   */
  ensure(options?: CallOptions): Promise<EnsuredExecutions>;
  /**
   * The target's present signing key, for `createSigningKeys`.
   *
   * @throws {DrawbridgeError} `not_found` before {@link EventExecutions.ensure}
   */
  signingKey(options?: CallOptions): Promise<Secret>;
  /**
   * Has Zitadel sign with a new key from now on. Receivers that read their keys through `createSigningKeys` notice, and
   * accept the former one for a while.
   */
  rotateSigningKey(options?: CallOptions): Promise<Secret>;
  /**
   * Proves that events arrive: changes the target for a moment and waits until the inbox has that very event from a
   * webhook.
   *
   * @throws {DrawbridgeError} `events_not_delivered`, `not_found` before {@link EventExecutions.ensure}
   */
  probe(options: ProbeOptions): Promise<void>;
}

/** The event that a probe causes: always among those that come to us. */
const probeType = 'target.changed';
/** What SetExecution says of an event type that it does not know (internal/command/action_v2_execution.go). */
const unknownEventId = 'COMMAND-74aaqj8fv9';

/**
 * Makes the keeper of the target and the executions through which an instance's events come to a receiver: one execution
 * for each exact event type, since Zitadel runs only the most specific one, and one for all events would break its login.
 *
 * @example
 * ```ts
 * import { createEventExecutions } from '@drawbridge/events';
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const zitadel = createZitadel({
 *   issuer: 'https://sso.acme.example',
 *   credentials: serviceAccountFile('/etc/drawbridge/key.json'),
 * });
 * const executions = createEventExecutions({
 *   actions: zitadel.actions,
 *   endpoint: 'https://bridge.acme.example/webhooks/zitadel/events',
 *   eventTypes: ['user.deactivated', 'user.reactivated'],
 * });
 * const { unknownTypes } = await executions.ensure();
 * console.log(unknownTypes);
 * ```
 */
export function createEventExecutions(options: EventExecutionsOptions): EventExecutions {
  const { actions, clock = systemClock, logger = silentLogger } = options;
  const wanted: WantedTarget = {
    name: options.name ?? 'drawbridge-events',
    endpoint: options.endpoint,
    timeoutMs: options.timeoutMs ?? 5_000,
  };
  const eventTypes = [...new Set([...options.eventTypes, probeType])].sort();

  const plan = async (call: CallOptions = {}): Promise<ExecutionPlan> => {
    const targets = await actions.listTargets({ name: wanted.name }, call).all();
    const filters = [{ executionTypeFilter: { executionType: 'EXECUTION_TYPE_EVENT' } }] as const;
    const executions = await actions.listExecutions({ filters }, call).all();
    return planExecutions(wanted, eventTypes, targets, executions);
  };

  const ownTarget = async (call: CallOptions) => {
    const [target] = await actions.listTargets({ name: wanted.name }, call).all();
    if (target) return target;
    throw new DrawbridgeError('not_found', {
      message: `Zitadel has no target ${wanted.name}.`,
      fix: 'Set up the executions first.',
    });
  };

  const setOne = async (
    eventType: string,
    targets: readonly string[],
    call: CallOptions,
  ): Promise<boolean> => {
    try {
      await actions.setExecution({ event: { event: eventType } }, targets, call);
      return true;
    } catch (error) {
      if (!hasId(error, unknownEventId)) throw error;
      logger.warn({ component: 'events', code: eventType }, 'this Zitadel does not know an event type');
      return false;
    }
  };

  /** What is written last. A real change: Zitadel does not call a target before it had one (zitadel#12185). */
  const settle = (id: string, call: CallOptions): Promise<void> =>
    actions.updateTarget(id, { ...wanted, kind: 'webhook', interruptOnError: false, payload: 'json' }, call);

  return {
    plan,
    async ensure(call = {}) {
      const found = await plan(call);
      const targetId =
        found.targetId ??
        // Not yet as wanted, so that a run that ends half-way is finished by the next.
        (await actions.createTarget({ ...wanted, timeoutMs: wanted.timeoutMs + 1, kind: 'webhook' }, call))
          .id;
      const unknownTypes: string[] = [];
      for (const { eventType, change, others } of found.executions) {
        const targets = change === 'added' ? [...others, targetId] : others;
        if (!(await setOne(eventType, targets, call))) unknownTypes.push(eventType);
      }
      if (found.target !== 'none') await settle(targetId, call);
      if (found.namesakes.length > 0)
        logger.warn(
          { component: 'events', count: found.namesakes.length },
          'further targets have our name; they are left alone',
        );
      return { ...found, targetId, unknownTypes };
    },
    async signingKey(call = {}) {
      const { id, signingKey } = await ownTarget(call);
      if (signingKey) return signingKey;
      throw new DrawbridgeError('invalid_response', {
        message: `Zitadel does not show the signing key of target ${id}.`,
      });
    },
    async rotateSigningKey(call = {}) {
      const { id } = await ownTarget(call);
      return await actions.rotateSigningKey(id, call);
    },
    async probe({ inbox, timeoutMs = 15_000, ...call }) {
      const { id } = await ownTarget(call);
      const timer = new AbortController();
      const signal = call.signal ? AbortSignal.any([timer.signal, call.signal]) : timer.signal;
      let arrived: (() => void) | undefined;
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const isProbe = (event: ZitadelEvent) => event.type === probeType && event.aggregateId === id;
      const stop = inbox.onRecorded((events, source) => {
        if (source === 'webhook' && events.some(isProbe)) arrived?.();
      });
      try {
        // Once away and once back: whichever of the two arrives is proof.
        await actions.updateTarget(id, { timeoutMs: wanted.timeoutMs + 2 }, call);
        await settle(id, call);
        const tooLate = clock.sleep(timeoutMs, signal).then(() => {
          throw new DrawbridgeError('events_not_delivered');
        });
        await Promise.race([arrival, tooLate]);
      } finally {
        stop();
        timer.abort();
      }
    },
  };
}
