import { addReceiverRoute } from '@drawbridge/events';
import { DrawbridgeError, type HttpServer, type Secret } from '@drawbridge/kit';
import type { RevocationFeed } from '@drawbridge/zitadel';
import type { Integration } from '../integrations/index.ts';
import { Listener, type ListenerParts, versionOf } from './listener.ts';
import { withdrawWebhooks } from './withdraw.ts';

/** How events of Zitadel come to the directory. */
export interface EventsOptions {
  /**
   * Origin under which Zitadel reaches the directory: `https://directory.acme.example`. Webhooks are registered for it.
   * `own` is the address it listens on, for a Zitadel on the same machine. Default: none, and events are read from Zitadel
   * every ten seconds.
   */
  readonly url?: string;
  /**
   * Key (JSON) of the service account that reads events and registers webhooks, which needs IAM_OWNER; for reading alone
   * IAM_OWNER_VIEWER. Default: the integration's own account, which need not be allowed to.
   */
  readonly account?: Secret;
}

/** How soon what another process has integrated, changed or removed is known here. */
const lookMs = 5_000;
const path = '/webhooks/zitadel/events/';

/** The ways of the events of every Zitadel that is integrated, as long as it is. */
export class ZitadelEvents {
  readonly #parts: ListenerParts;
  readonly #options: EventsOptions;
  readonly #listeners = new Map<string, Listener>();
  /** Ids of integrations that are being removed. */
  readonly #leaving = new Set<string>();
  readonly #stopping = new AbortController();
  #origin: string | undefined;
  #watching: Promise<void> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: ListenerParts, options: EventsOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Adds the route that webhooks of every Zitadel come to. Call before the server starts. */
  async addTo(server: Pick<HttpServer, 'app'>): Promise<void> {
    await addReceiverRoute(server, {
      path: `${path}:integration`,
      receiver: ({ integration = '' }) => {
        const listener = this.#listeners.get(integration);
        if (listener) return listener.receiver;
        throw new DrawbridgeError('not_found', { message: 'No Zitadel of that id is listened to.' });
      },
    });
  }

  /** Begins to listen, in the background: a Zitadel that is away keeps nobody from starting. */
  start(ownOrigin: string): void {
    const { url } = this.#options;
    this.#origin = url === 'own' ? ownOrigin : url;
    this.#watching ??= this.#watch();
  }

  /** Looks now at what is integrated, rather than a few seconds later. Before {@link ZitadelEvents.start} it does nothing. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  /** What is known to have ended of an instance's tokens. Before events flow it knows nothing, and says so. */
  feedOf(integrationId: string): RevocationFeed {
    const feed = () => this.#listeners.get(integrationId)?.link?.revocations;
    return {
      ageMs: () => feed()?.ageMs() ?? Number.POSITIVE_INFINITY,
      denied: (token) => feed()?.denied(token) ?? false,
      doubtful: (token) => feed()?.doubtful?.(token) ?? true,
    };
  }

  /**
   * Ends listening to a Zitadel, takes out of it what was registered there, and has its integration removed.
   *
   * @returns how many event types were registered
   * @throws {DrawbridgeError} what calls to Zitadel, or `remove`, throw: it is listened to again then
   */
  async letGo(integration: Integration, signal: AbortSignal, remove: () => Promise<void>): Promise<number> {
    const { id } = integration;
    this.#leaving.add(id);
    await this.#looking;
    const listener = this.#listeners.get(id);
    this.#listeners.delete(id);
    try {
      const count = listener
        ? await listener.withdraw(signal)
        : await withdrawWebhooks(await this.#parts.integrations.client(integration), id, signal);
      await remove();
      return count;
    } finally {
      await listener?.stop();
      this.#leaving.delete(id);
      void this.look();
    }
  }

  /** Forgets events that everybody has applied. */
  async prune(): Promise<void> {
    for (const { link } of this.#listeners.values()) await link?.prune();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
    await this.#looking;
    await Promise.all([...this.#listeners.values()].map((listener) => listener.stop()));
    this.#listeners.clear();
  }

  async #watch(): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.look();
      await clock.sleep(lookMs, signal, { background: true }).catch(() => undefined);
    }
  }

  /** Begins with what is new, ends with what is gone, and does both for what has changed: its client is another one. */
  async #look(): Promise<void> {
    const { database, logger } = this.#parts;
    if (!this.#watching || this.#stopping.signal.aborted) return;
    try {
      const rows = await database.read((db) =>
        db.selectFrom('system_integrations').selectAll().where('type', '=', 'zitadel').execute(),
      );
      const present = new Map(rows.map((row) => [row.id, row]));
      for (const [id, listener] of this.#listeners) {
        const row = present.get(id);
        if (row && versionOf(row) === listener.version) continue;
        this.#listeners.delete(id);
        await listener.stop();
      }
      const { account } = this.#options;
      for (const row of rows) {
        if (this.#listeners.has(row.id) || this.#leaving.has(row.id)) continue;
        const listener = new Listener(row, this.#parts, {
          ...(this.#origin === undefined ? {} : { endpoint: `${this.#origin}${path}${row.id}` }),
          ...(account === undefined ? {} : { account }),
        });
        this.#listeners.set(row.id, listener);
      }
    } catch (err) {
      // What is listened to already goes on; the next look finds the rest.
      logger.warn(
        { component: 'events', code: DrawbridgeError.from(err).code },
        'what is integrated cannot be read',
      );
    }
  }
}
