import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Metrics,
  noMetrics,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { parseBoundedJson, readEventBody, type ZitadelEvent } from '../event/index.ts';
import type { Inbox } from '../inbox/index.ts';
import { checkSignature, type SignatureProblem } from './signature.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Headers of a call, names in lower case. */
export type CallHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Which calls are taken for Zitadel's, and where their events go. */
export interface ReceiverOptions {
  readonly inbox: Pick<Inbox, 'instance' | 'record'>;
  /** Accepted signing keys: fixed ones, or such as follow rotations. */
  readonly keys: readonly Secret[] | SigningKeys;
  /**
   * Takes calls without looking at their signature. For development alone: the route then serves nothing but a server
   * that is bound to loopback. Default false.
   */
  readonly unsigned?: boolean;
  /** How old a signature may be, in milliseconds. Default 300,000. */
  readonly toleranceMs?: number;
  /** How far its time may lie ahead, in milliseconds. Default 30,000. */
  readonly futureMs?: number;
  /** Time for storing, in milliseconds; Zitadel's worker waits meanwhile. Default 900. */
  readonly storeMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** What became of a call. */
export type ReceiveOutcome =
  /** The event is durable; `known` when it was before. */
  | { readonly outcome: 'stored' | 'known'; readonly event: ZitadelEvent }
  /** Nothing proves that Zitadel sent it. */
  | { readonly outcome: 'refused'; readonly problem: SignatureProblem }
  /** Zitadel's, but no event of this instance. */
  | { readonly outcome: 'invalid'; readonly problem: InvalidBody };

/** What is wrong with a body. */
export type InvalidBody =
  | 'too_large'
  | 'not_utf8'
  | 'not_json'
  | 'too_deep'
  | 'not_an_event'
  | 'foreign_instance';

/** Takes event webhooks of one instance. */
export interface Receiver {
  /** Whether signatures are not looked at. */
  readonly unsigned: boolean;
  /**
   * Checks a call and stores its event. When it resolves with `stored` or `known`, the event is durable.
   *
   * @throws {DrawbridgeError} `webhook_not_stored` when it could not be stored in time; catch-up will bring it
   */
  receive(body: Uint8Array, headers: CallHeaders): Promise<ReceiveOutcome>;
}

const largestBody = 1024 * 1024;

/**
 * Makes the receiver of one instance's event webhooks. The instance is a setting: an event of another one is refused, and
 * nothing in a body decides where anything goes.
 *
 * @throws {DrawbridgeError} `invalid_settings` without a key
 * @example
 * ```ts
 * import { createReceiver, type Inbox } from '@drawbridge/events';
 * import { Secret } from '@drawbridge/kit';
 *
 * declare const inbox: Inbox;
 * const receiver = createReceiver({ inbox, keys: [new Secret('the signing key of the target')] });
 * const answer = await receiver.receive(new Uint8Array(), {});
 * console.log(answer.outcome); // refused
 * ```
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { inbox, clock = systemClock, logger = silentLogger, metrics = noMetrics } = options;
  const unsigned = options.unsigned ?? false;
  const { instance } = inbox;
  const keys = isFixed(options.keys) ? fixedKeys(options.keys) : options.keys;
  if (!unsigned && isFixed(options.keys) && !options.keys.some((key) => key.expose() !== ''))
    throw new DrawbridgeError('invalid_settings', { message: 'A receiver needs a signing key.' });

  const signatureProblem = async (
    body: Uint8Array,
    headers: CallHeaders,
  ): Promise<SignatureProblem | undefined> => {
    const check = async () =>
      checkSignature({
        body,
        header: headers['zitadel-signature'],
        keys: await keys.accepted(),
        now: clock.now(),
        ...(options.toleranceMs === undefined ? {} : { toleranceMs: options.toleranceMs }),
        ...(options.futureMs === undefined ? {} : { futureMs: options.futureMs }),
      });
    const problem = await check();
    return problem === 'signature_wrong' && (await refresh()) ? await check() : problem;
  };

  /** That the key cannot be looked up now makes no forged call better: it stays refused. */
  const refresh = async (): Promise<boolean> => {
    try {
      return await keys.refresh();
    } catch (err) {
      logger.warn({ component: 'events', instance, err }, 'the signing key cannot be looked up');
      return false;
    }
  };

  const store = async (event: ZitadelEvent): Promise<ReceiveOutcome> => {
    const timer = new AbortController();
    const tooLate = clock.sleep(options.storeMs ?? 900, timer.signal).then(
      () => 'late' as const,
      () => 'late' as const,
    );
    try {
      const stored = await Promise.race([inbox.record([event], 'webhook'), tooLate]);
      if (stored === 'late') throw new DrawbridgeError('timeout', { message: 'The database was too slow.' });
      return { outcome: stored.length > 0 ? 'stored' : 'known', event };
    } catch (cause) {
      throw new DrawbridgeError('webhook_not_stored', { cause });
    } finally {
      timer.abort();
    }
  };

  const examine = async (body: Uint8Array, headers: CallHeaders): Promise<ReceiveOutcome> => {
    if (body.byteLength > largestBody) return { outcome: 'invalid', problem: 'too_large' };
    const problem = unsigned ? undefined : await signatureProblem(body, headers);
    if (problem) return { outcome: 'refused', problem };
    const event = readBody(body);
    if (typeof event === 'string') return { outcome: 'invalid', problem: event };
    if (event.instance !== instance) return { outcome: 'invalid', problem: 'foreign_instance' };
    return await store(event);
  };

  return {
    unsigned,
    async receive(body, headers) {
      try {
        const result = await examine(body, headers);
        metrics.count('drawbridge_events_received_total', { instance, outcome: result.outcome });
        if ('problem' in result)
          logger.warn(
            { component: 'events', instance, code: result.problem },
            'an event webhook is not taken',
          );
        return result;
      } catch (error) {
        metrics.count('drawbridge_events_received_total', { instance, outcome: 'failed' });
        throw error;
      }
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readBody(body: Uint8Array): ZitadelEvent | InvalidBody {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return 'not_utf8';
  }
  const json = parseBoundedJson(text);
  return 'problem' in json ? json.problem : (readEventBody(json.value) ?? 'not_an_event');
}

function isFixed(keys: ReceiverOptions['keys']): keys is readonly Secret[] {
  return Array.isArray(keys);
}

function fixedKeys(keys: readonly Secret[]): SigningKeys {
  // An empty key would sign for everyone.
  const usable = keys.filter((key) => key.expose() !== '');
  return { accepted: async () => usable, refresh: async () => false };
}
