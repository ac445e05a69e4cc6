import { type Clock, createHttpClient, type Fetch, type HttpClient, type Logger } from '@drawbridge/kit';
import type { Kernel } from '../kernel.ts';
import type { LogoutRow } from '../projections/index.ts';
import type { AnyEvent } from '../store/index.ts';
import { logoutIssuer, logoutToken } from './logout-token.ts';

/** What back-channel logout needs of the world outside. */
export interface BackChannelOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default a client of its own. */
  readonly fetch?: Fetch;
}

/** Time for one call, in milliseconds (internal/notification/channels/set/channel.go). */
const timeoutMs = 5_000;
/** Tries of one call (cmd/defaults.yaml, `OIDC.BackChannelLogout.MaxAttempts`). */
const mostTries = 3;
/** A logout that is older than this is told no more (cmd/defaults.yaml, `OIDC.BackChannelLogout.MaxTtl`). */
const maxAgeMs = 300_000;
/** Answers after which a logout counts as told: 400 is only logged (internal/notification/channels/set/channel.go). */
const taken: ReadonlySet<number> = new Set([200, 202, 204, 400]);

interface Job {
  readonly logout: LogoutRow;
  readonly createdAt: number;
  readonly failures: number;
}

/**
 * Tells applications that a session has ended, as OpenID Connect Back-Channel Logout has it: one call for each set of tokens
 * that an application got in the session, if it had an address then (internal/command/oidc_session.go, `RegisterLogout`).
 * Only the end of a session itself is told: who is deactivated, locked or removed loses sessions of which no application hears
 * (internal/notification/handlers/back_channel_logout.go). One worker calls; targets' deny list is not asked in 4.13.
 */
export class BackChannel {
  readonly #kernel: Kernel;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #fetch: Fetch;
  readonly #client: HttpClient | undefined;
  readonly #stopping = new AbortController();
  readonly #queue: Job[] = [];
  readonly #unsubscribe: () => void;
  #working: Promise<void> | undefined;
  #port = 0;

  constructor(kernel: Kernel, { clock, logger, fetch }: BackChannelOptions) {
    this.#kernel = kernel;
    this.#clock = clock;
    this.#logger = logger;
    if (!fetch) this.#client = createHttpClient({ timeoutMs, userAgent: 'Go-http-client/1.1' });
    const way = fetch ?? this.#client?.fetch;
    if (!way) throw new RangeError('no way to call out');
    this.#fetch = way;
    this.#unsubscribe = kernel.log.subscribe((events) => this.#note(events));
  }

  /** The port that issuers of logout tokens name. */
  listensAt(port: number): void {
    this.#port = port;
  }

  /** Resolves when no application is being called and none waits for its first call. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Ends what is under way. What was not told yet is told no more. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    this.#queue.length = 0;
    await this.settled();
    await this.#client?.close();
  }

  #note(events: readonly AnyEvent[]): void {
    for (const { type, aggregateId } of events) {
      if (type !== 'session.terminated') continue;
      const createdAt = this.#kernel.now();
      for (const logout of this.#kernel.fresh.logouts.get(aggregateId)?.values() ?? [])
        this.#queue.push({ logout, createdAt, failures: 0 });
    }
    this.#start();
  }

  #start(): void {
    if (this.#working || this.#queue.length === 0) return;
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
      this.#start();
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      const job = this.#queue.shift();
      if (!job) return;
      const late = this.#kernel.now() - job.createdAt > maxAgeMs;
      if (late || this.#stopping.signal.aborted) continue;
      if (await this.#call(job.logout)) this.#noteSent(job.logout);
      else if (job.failures + 1 < mostTries) void this.#later({ ...job, failures: job.failures + 1 });
    }
  }

  async #call(logout: LogoutRow): Promise<boolean> {
    const issuer = logoutIssuer(this.#kernel, this.#port);
    if (issuer === undefined) return false;
    try {
      await this.#kernel.log.flushed();
      const answer = await this.#fetch(logout.uri, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ logout_token: logoutToken(this.#kernel, issuer, logout) }).toString(),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#stopping.signal]),
      });
      await answer.body?.cancel();
      return taken.has(answer.status);
    } catch (err) {
      this.#logger.info({ component: 'zitadel-emulator', err }, 'telling an application of a logout failed');
      return false;
    }
  }

  #noteSent({ sessionId, oidcSessionId }: LogoutRow): void {
    const { id: instance } = this.#kernel.fresh.instance;
    this.#kernel.push('', [
      {
        aggregateType: 'session_logout',
        aggregateId: sessionId,
        resourceOwner: instance,
        type: 'session_logout.back_channel.sent',
        payload: { oidc_session_id: oidcSessionId },
      },
    ]);
  }

  /** The queue's own waits: the fourth power of the number of failures in seconds (internal/queue/queue.go sets no others). */
  async #later(job: Job): Promise<void> {
    const { signal } = this.#stopping;
    await this.#clock.sleep(job.failures ** 4 * 1_000, signal, { background: true }).catch(() => undefined);
    if (signal.aborted) return;
    this.#queue.push(job);
    this.#start();
  }
}
