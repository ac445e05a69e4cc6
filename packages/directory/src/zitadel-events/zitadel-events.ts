import { addReceiverRoute, type Receiver } from '@drawbridge/events';
import { backoff, DrawbridgeError, type HttpServer, type Secret } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount, type RevocationFeed, type Zitadel } from '@drawbridge/zitadel';
import type { Integration, IntegrationRegistry } from '../integrations/index.ts';
import { type Link, type LinkParts, openLink } from './link.ts';

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

const longestWaitMs = 300_000;

/** The ways of the events of every Zitadel that was integrated when the directory started. */
export class ZitadelEvents {
  readonly #parts: LinkParts & {
    readonly integrations: IntegrationRegistry;
    readonly allowInsecure?: boolean;
  };
  readonly #options: EventsOptions;
  readonly #links = new Map<string, Link>();
  readonly #own: Zitadel[] = [];
  readonly #stopping = new AbortController();
  readonly #opening: Promise<void>[] = [];
  #known: readonly Integration[] = [];

  constructor(
    parts: LinkParts & { readonly integrations: IntegrationRegistry; readonly allowInsecure?: boolean },
    options: EventsOptions,
  ) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Adds the routes that webhooks come to, one for each Zitadel. Call before the server starts. */
  async addTo(server: Pick<HttpServer, 'app'>): Promise<void> {
    this.#known = await this.#parts.database.read((db) =>
      db
        .selectFrom('system_integrations')
        .selectAll()
        .where('type', '=', 'zitadel')
        .orderBy('created_at')
        .execute(),
    );
    for (const { id } of this.#known)
      await addReceiverRoute(server, { path: pathOf(id), receiver: this.#receiverOf(id) });
  }

  /** Begins to listen, in the background: a Zitadel that is away keeps nobody from starting. */
  start(ownOrigin: string): void {
    const { url } = this.#options;
    const origin = url === 'own' ? ownOrigin : url;
    for (const integration of this.#known) this.#opening.push(this.#keepOpening(integration, origin));
  }

  /** What is known to have ended of an instance's tokens. Before events flow it knows nothing, and says so. */
  feedOf(integrationId: string): RevocationFeed {
    const feed = () => this.#links.get(integrationId)?.revocations;
    return {
      ageMs: () => feed()?.ageMs() ?? Number.POSITIVE_INFINITY,
      denied: (token) => feed()?.denied(token) ?? false,
      doubtful: (token) => feed()?.doubtful?.(token) ?? true,
    };
  }

  /** Forgets events that everybody has applied. */
  async prune(): Promise<void> {
    for (const link of this.#links.values()) await link.prune();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#opening);
    for (const link of this.#links.values()) await link.stop();
    for (const zitadel of this.#own) await zitadel.close();
  }

  #receiverOf(id: string): Receiver {
    return {
      unsigned: false,
      receive: async (body, headers) => {
        const receiver = this.#links.get(id)?.receiver;
        if (!receiver)
          throw new DrawbridgeError('webhook_not_stored', { message: 'The directory does not listen yet.' });
        return await receiver.receive(body, headers);
      },
    };
  }

  async #keepOpening(integration: Integration, origin: string | undefined): Promise<void> {
    const { logger, clock } = this.#parts;
    const { signal } = this.#stopping;
    let said: string | undefined;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        const zitadel = await this.#clientOf(integration);
        const endpoint = origin === undefined ? {} : { endpoint: `${origin}${pathOf(integration.id)}` };
        const link = await openLink(this.#parts, {
          integrationId: integration.id,
          zitadel,
          signal,
          ...endpoint,
        });
        this.#links.set(integration.id, link);
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

  async #clientOf(integration: Integration): Promise<Zitadel> {
    const { integrations, clock, logger, allowInsecure } = this.#parts;
    const { account } = this.#options;
    if (account === undefined) return await integrations.client(integration);
    const [known] = this.#own.filter(({ issuer }) => issuer === integration.issuer);
    if (known) return known;
    const { issuer, address } = integration;
    const zitadel = createZitadel({
      issuer,
      ...(address === null ? {} : { address }),
      credentials: parseServiceAccount(account.expose()),
      clock,
      logger: logger.child({ instance: issuer }),
      ...(allowInsecure ? { allowInsecure: true } : {}),
    });
    this.#own.push(zitadel);
    return zitadel;
  }
}

function pathOf(integrationId: string): string {
  return `/webhooks/zitadel/events/${integrationId}`;
}
