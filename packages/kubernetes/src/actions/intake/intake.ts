import { listedInstances, type Receiver } from '@drawbridge/events';
import { backoff, DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import { type Link, type LinkOptions, openLink } from './link.ts';
import type { Proof } from './proof.ts';

/** How events come in. */
export interface IntakeOptions<S> extends Omit<LinkOptions<S>, 'instance' | 'consumers' | 'zitadel'> {
  /** Id of the instance, where it is known beforehand. */
  readonly instance: string | undefined;
  readonly zitadel: Pick<Zitadel, 'events' | 'instance'> | undefined;
  readonly consumersOf: (instance: string) => LinkOptions<S>['consumers'];
  readonly prove: Proof;
}

const pruneMs = 3_600_000;
const instanceId = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/**
 * Where events come in. Which instance they are of is said by the setting, by Zitadel, by the database if it knows of one alone, or
 * by the first call that is rightly signed: then everything else is of that instance, and a call of another one is refused.
 */
export class Intake<S> {
  readonly #options: IntakeOptions<S>;
  readonly #stopping = new AbortController();
  #link: Promise<Link> | undefined;
  #running: Promise<void> | undefined;

  constructor(options: IntakeOptions<S>) {
    this.#options = options;
  }

  /** Takes webhooks, from before the instance is known. */
  get receiver(): Receiver {
    return {
      unsigned: this.#options.keys === undefined,
      receive: async (body, headers) => {
        const { receiver } = await withinTime(this.#linkFor(body, headers));
        return await receiver.receive(body, headers);
      },
    };
  }

  /** Finds out whose events these are, and begins; in the background, since neither database nor Zitadel need be there yet. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const link = await this.#link?.catch(() => undefined);
    await link?.stop();
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    for (let failures = 1; !signal.aborted && !this.#link; failures += 1) {
      let waitMs = backoff(failures, { baseMs: 1_000, maxMs: 60_000 });
      try {
        const instance = await this.#find(signal);
        if (instance !== undefined) await this.#open(instance);
        else waitMs = 60_000;
      } catch (err) {
        if (signal.aborted) return;
        const { code } = DrawbridgeError.from(err);
        logger.warn({ component: 'actions-server', code, err }, 'events cannot be taken in yet');
      }
      if (!this.#link) await clock.sleep(waitMs, signal, { background: true }).catch(() => undefined);
    }
    while (!signal.aborted) {
      await clock.sleep(pruneMs, signal, { background: true }).catch(() => undefined);
      if (!signal.aborted) await this.#prune();
    }
  }

  async #find(signal: AbortSignal): Promise<string | undefined> {
    const { instance, zitadel, database } = this.#options;
    if (instance !== undefined) return instance;
    if (zitadel) return (await zitadel.instance.get({ signal })).id;
    const listed = await database.read((db) => listedInstances(db));
    return listed.length === 1 ? listed[0] : undefined;
  }

  /** From a call: the key that it is signed with is of one instance's target, so what it says of itself can be trusted. */
  async #linkFor(body: Uint8Array, headers: Parameters<Proof>[1]): Promise<Link> {
    const known = this.#link;
    if (known !== undefined) return await known;
    await this.#options.prove(body, headers);
    const instance = instanceOf(body);
    if (instance === undefined)
      throw new DrawbridgeError('webhook_invalid', { message: 'The body is no event of Zitadel.' });
    return await (this.#link ?? this.#open(instance));
  }

  async #open(instance: string): Promise<Link> {
    const { consumersOf, logger } = this.#options;
    const opening = openLink({ ...this.#options, instance, consumers: consumersOf(instance) });
    this.#link = opening;
    try {
      const link = await opening;
      logger.info({ component: 'actions-server', instance }, 'events are taken in');
      return link;
    } catch (error) {
      if (this.#link === opening) this.#link = undefined;
      throw error;
    }
  }

  async #prune(): Promise<void> {
    try {
      await (await this.#link)?.prune();
    } catch (err) {
      this.#options.logger.warn({ component: 'actions-server', err }, 'old events could not be removed');
    }
  }
}

/** Zitadel's worker waits for the answer: what takes longer is not stored in time. */
const longestMs = 900;

async function withinTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DrawbridgeError('webhook_not_stored')), longestMs);
  try {
    return await Promise.race([work, late.promise]);
  } catch (error) {
    if (error instanceof DrawbridgeError && error.code === 'database_unavailable')
      throw new DrawbridgeError('webhook_not_stored', { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function instanceOf(body: Uint8Array): string | undefined {
  try {
    const { instanceID } = JSON.parse(Buffer.from(body).toString('utf8')) as { instanceID?: unknown };
    return typeof instanceID === 'string' && instanceId.test(instanceID) ? instanceID : undefined;
  } catch {
    return undefined; // the receiver says what is wrong with it
  }
}
