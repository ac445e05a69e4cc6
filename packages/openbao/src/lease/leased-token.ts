import {
  backoff,
  type Clock,
  DrawbridgeError,
  isTransient,
  type Logger,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { Openbao } from '../client/index.ts';
import type { LoginToken } from '../services/index.ts';
import type { TokenProvider } from '../transport/index.ts';

/** How a token of a sign-in is kept alive. */
export interface LeasedTokenOptions {
  /** Whom to renew with; its own token is not used. */
  readonly openbao: Openbao;
  /** Signs in: the first time, and whenever the token cannot be renewed any more. */
  readonly login: (signal: AbortSignal) => Promise<LoginToken>;
  /** Share of the lease that passes before it is renewed. Default 2/3. */
  readonly renewAt?: number;
  /** Whether the token is revoked when it is stopped, so that no leases pile up. Default true. */
  readonly revokeOnStop?: boolean;
  /** Told of every renewal, with the token as it was and how long it holds from now: for who keeps it for other processes. */
  readonly onRenewed?: (login: LoginToken) => void;
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default Math.random. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** A token that stays valid until it is stopped. It fits where a client takes its token from. */
export interface LeasedToken extends TokenProvider {
  /** Ends the renewals and the token. A second call returns the promise of the first. Rejects with nothing: what fails is logged. */
  stop(): Promise<void>;
}

/** A lease that came out shorter than this share of the first one has met its last end: then a new sign-in is due. */
const worthRenewing = 0.5;
/** Between tries of a renewal that may still succeed. */
const retryWaits = { baseMs: 1_000, maxMs: 30_000 };

/**
 * Keeps the token of a sign-in alive: it signs in when the token is first asked for, renews it in the background before its end,
 * one renewal at a time, and signs in anew when it cannot be renewed. However many callers wait, there is one sign-in.
 *
 * A token that OpenBao refuses with 403 is looked up; only where it is dead is there a new sign-in, so that a missing policy does not
 * become a storm of sign-ins. `token` rejects with what the sign-in rejects with, or `shutting_down` once stopped.
 *
 * @example
 * ```ts
 * import { Secret } from '@drawbridge/kit';
 * import { createLeasedToken, createOpenbao } from '@drawbridge/openbao';
 *
 * const openbao = createOpenbao({ url: 'https://bao.acme.example' });
 * const token = createLeasedToken({
 *   openbao,
 *   login: (signal) => openbao.jwt().login({ jwt: new Secret(process.env.ID_TOKEN ?? '') }, { signal }),
 * });
 * const secret = await openbao.as({ token }).kv().get('harmony/demo');
 * console.log(secret.version);
 * await token.stop();
 * await openbao.close();
 * ```
 */
export function createLeasedToken(options: LeasedTokenOptions): LeasedToken {
  return new Lease(options);
}

class Lease implements LeasedToken {
  readonly #options: LeasedTokenOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  #login: LoginToken | undefined;
  /** When the present token ends, in milliseconds since the epoch. */
  #endsAt = Number.POSITIVE_INFINITY;
  #signingIn: Promise<LoginToken> | undefined;
  #looking: Promise<boolean> | undefined;
  /** Ends the renewals of the token before. */
  #renewals = new AbortController();
  #renewing: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(options: LeasedTokenOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
  }

  async token(signal?: AbortSignal): Promise<Secret> {
    signal?.throwIfAborted();
    const isAlive = this.#login !== undefined && this.#clock.now() < this.#endsAt;
    if (this.#login && isAlive && !this.#stopped.signal.aborted) return this.#login.token;
    return (await unlessAborted(this.#signIn(), signal)).token;
  }

  async refused(token: Secret, signal?: AbortSignal): Promise<boolean> {
    if (this.#stopped.signal.aborted) return false;
    // Somebody else found out before.
    if (this.#login?.token !== token) return true;
    this.#looking ??= this.#isDead(token).finally(() => {
      this.#looking = undefined;
    });
    const isDead = await unlessAborted(this.#looking, signal);
    if (isDead && this.#login?.token === token) this.#login = undefined;
    return isDead;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Whether OpenBao knows the token no more. What cannot be found out is no proof. */
  async #isDead(token: Secret): Promise<boolean> {
    try {
      await this.#options.openbao.tokens.lookupSelf({ token, signal: this.#stopped.signal });
      return false;
    } catch (error) {
      return DrawbridgeError.from(error).code === 'openbao_denied';
    }
  }

  #signIn(): Promise<LoginToken> {
    if (this.#stopped.signal.aborted) {
      return Promise.reject(new DrawbridgeError('shutting_down', { message: 'The token was given back.' }));
    }
    this.#signingIn ??= this.#options
      .login(this.#stopped.signal)
      .then((login) => {
        this.#keep(login);
        return login;
      })
      .finally(() => {
        this.#signingIn = undefined;
      });
    return this.#signingIn;
  }

  #keep(login: LoginToken): void {
    this.#renewals.abort();
    this.#renewals = new AbortController();
    this.#take(login);
    if (login.leaseSeconds > 0) this.#renewing = this.#renewUntilAborted(login, this.#renewals.signal);
  }

  #take(login: LoginToken): void {
    this.#login = login;
    this.#endsAt =
      login.leaseSeconds > 0 ? this.#clock.now() + login.leaseSeconds * 1_000 : Number.POSITIVE_INFINITY;
  }

  async #renewUntilAborted(first: LoginToken, ended: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([ended, this.#stopped.signal]);
    let present = first;
    try {
      for (;;) {
        const wait = present.leaseSeconds * 1_000 * (this.#options.renewAt ?? 2 / 3);
        await this.#clock.sleep(wait, signal, { background: true });
        const next = present.renewable ? await this.#renew(present.token, signal) : undefined;
        const isWorthIt = next && next.leaseSeconds >= first.leaseSeconds * worthRenewing;
        if (!isWorthIt) return await this.#replace(signal);
        // The token stays the same: callers that hold it go on with it.
        present = { ...next, token: present.token };
        this.#take(present);
        this.#options.onRenewed?.(present);
        this.#logger.debug({ component: 'openbao-lease' }, 'token renewed');
      }
    } catch (error) {
      if (!signal.aborted)
        this.#logger.warn({ component: 'openbao-lease', err: error }, 'the token is no longer renewed');
    }
  }

  /** Renews until it succeeds or is refused; undefined where only a new sign-in helps. */
  async #renew(token: Secret, signal: AbortSignal): Promise<LoginToken | undefined> {
    const { openbao, random } = this.#options;
    for (let attempt = 1; this.#clock.now() < this.#endsAt; attempt++) {
      try {
        return await openbao.tokens.renewSelf(undefined, { token, signal, priority: 'low' });
      } catch (error) {
        signal.throwIfAborted();
        if (!mayPass(error)) return undefined;
        const wait = 1_000 + backoff(attempt, { ...retryWaits, ...(random ? { random } : {}) });
        await this.#clock.sleep(wait, signal, { background: true });
      }
    }
    return undefined;
  }

  /** Signs in while the old token may still hold; where that fails, whoever asks next tries again. */
  async #replace(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      await this.#signIn();
      this.#logger.info({ component: 'openbao-lease' }, 'signed in anew');
    } catch (error) {
      this.#logger.warn({ component: 'openbao-lease', err: error }, 'signing in anew failed');
    }
  }

  async #stop(): Promise<void> {
    this.#stopped.abort(new DrawbridgeError('shutting_down'));
    await this.#renewing;
    const last = this.#login ?? (await this.#signingIn?.catch(() => undefined));
    this.#login = undefined;
    if (!last || last.type === 'batch' || !(this.#options.revokeOnStop ?? true)) return;
    try {
      await this.#options.openbao.tokens.revokeSelf({ token: last.token });
    } catch (error) {
      // It ends by itself; who reads the log knows that it may live until then.
      this.#logger.warn({ component: 'openbao-lease', err: error }, 'the token could not be revoked');
    }
  }
}

/** Whether a failed renewal says nothing about the token. */
function mayPass(error: unknown): boolean {
  const passing = ['openbao_sealed', 'openbao_standby', 'openbao_failed', 'openbao_upgrading'];
  return isTransient(error) || passing.includes(DrawbridgeError.from(error).code);
}

/** A caller that gives up does not end what others wait for. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
