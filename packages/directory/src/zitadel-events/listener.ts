import type { Receiver } from '@drawbridge/events';
import { backoff, DrawbridgeError, type Secret } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import type { Integration, IntegrationRegistry } from '../integrations/index.ts';
import { type Link, type LinkParts, openLink } from './link.ts';
import { withdrawWebhooks } from './withdraw.ts';

/** What a listener is made of. */
export interface ListenerParts extends LinkParts {
  readonly integrations: IntegrationRegistry;
  readonly allowInsecure?: boolean;
}

/** How one Zitadel is listened to. */
export interface ListenerOptions {
  /** Where Zitadel reaches the receiver. Absent: nothing is registered, and events are read. */
  readonly endpoint?: string;
  /** Key of the account that listens. Absent: the integration's own. */
  readonly account?: Secret;
}

const longestWaitMs = 300_000;

/** Listens to one Zitadel as its integration stands, from now until it is stopped: it tries until the way is open. */
export class Listener {
  /** Of the integration's row: with another one it is to be listened to anew. */
  readonly version: string;
  readonly #integration: Integration;
  readonly #parts: ListenerParts;
  readonly #options: ListenerOptions;
  readonly #stopping = new AbortController();
  readonly #opening: Promise<void>;
  #link: Link | undefined;
  #own: Zitadel | undefined;

  constructor(integration: Integration, parts: ListenerParts, options: ListenerOptions) {
    this.version = versionOf(integration);
    this.#integration = integration;
    this.#parts = parts;
    this.#options = options;
    this.#opening = this.#open();
  }

  /** The way, once it is open. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** Takes webhooks, once the way is open and if it has been registered. */
  get receiver(): Receiver {
    return {
      unsigned: false,
      receive: async (body, headers) => {
        const receiver = this.#link?.receiver;
        if (!receiver)
          throw new DrawbridgeError('webhook_not_stored', { message: 'The directory does not listen yet.' });
        return await receiver.receive(body, headers);
      },
    };
  }

  /** Ends listening and takes out of the Zitadel what was registered there. @returns how many event types were */
  async withdraw(signal: AbortSignal): Promise<number> {
    // First, or the way that is just being opened would be registered once more.
    await this.#end();
    return await withdrawWebhooks(await this.#client(), this.#integration.id, signal);
  }

  async stop(): Promise<void> {
    await this.#end();
    await this.#own?.close();
  }

  async #end(): Promise<void> {
    this.#stopping.abort();
    await this.#opening;
    const link = this.#link;
    this.#link = undefined;
    await link?.stop();
  }

  async #open(): Promise<void> {
    const { logger, clock } = this.#parts;
    const { endpoint } = this.#options;
    const { signal } = this.#stopping;
    let said: string | undefined;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        this.#link = await openLink(this.#parts, {
          integrationId: this.#integration.id,
          zitadel: await this.#client(),
          signal,
          ...(endpoint === undefined ? {} : { endpoint }),
        });
        return;
      } catch (err) {
        if (signal.aborted) return;
        const code = err instanceof DrawbridgeError ? err.code : 'internal';
        // Once, and not at every try: sweeps do the work meanwhile.
        if (code !== said)
          logger.warn(
            { component: 'events', code, err },
            'events of Zitadel do not come; sweeps do the work',
          );
        said = code;
      }
      const waitMs = backoff(failures, { baseMs: 2_000, maxMs: longestWaitMs });
      await clock.sleep(waitMs, signal, { background: true }).catch(() => undefined);
    }
  }

  async #client(): Promise<Zitadel> {
    const { integrations, clock, logger, allowInsecure } = this.#parts;
    const { account } = this.#options;
    if (account === undefined) return await integrations.client(this.#integration);
    const { issuer, address } = this.#integration;
    this.#own ??= createZitadel({
      issuer,
      ...(address === null ? {} : { address }),
      credentials: parseServiceAccount(account.expose()),
      clock,
      logger: logger.child({ instance: issuer }),
      ...(allowInsecure ? { allowInsecure: true } : {}),
    });
    return this.#own;
  }
}

/** Another one for every change of the row. */
export function versionOf({ updated_at: at }: Integration): string {
  return String(at.getTime());
}
