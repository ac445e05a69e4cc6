import {
  type Clock,
  DrawbridgeError,
  type ErrorCode,
  type Logger,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit/core';
import type { LeasedToken, LoginToken, Openbao, OpenbaoOptions } from '@drawbridge/openbao';
import { locked } from '../sources/index.ts';
import { exchange, type OpenbaoCredential, present, whoIs } from './credential.ts';
import { type KeptToken, nameFor, type TokenPlace, tokenFile } from './kept-token.ts';
import { explainRefusal } from './refusal.ts';

/** Which OpenBao, and as whom. */
export interface OpenbaoSessionOptions
  extends Pick<
    OpenbaoOptions,
    'url' | 'address' | 'ca' | 'namespace' | 'allowInsecure' | 'http' | 'timeoutMs' | 'totalMs'
  > {
  readonly as: OpenbaoCredential;
  /** Where the sign-in method is. Default `jwt`; `userpass` and `kubernetes` for those. */
  readonly authMount?: string;
  /** Default `harmony-developer`. */
  readonly role?: string;
  /** Where the token of OpenBao is kept for other processes of this account, in files of mode 0600. Default: only in this process. */
  readonly folder?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What one use of the session may be told. */
export interface OpenbaoRequest {
  /** Whether a person may be asked to sign in, where the credential says how. Default true. */
  readonly mayAsk?: boolean;
  readonly signal?: AbortSignal;
}

/** Who is signed in at OpenBao, as far as is known here. */
export interface OpenbaoPeek {
  readonly role?: string;
  /** Whose token it is: a user id of Zitadel, or a name of userpass. */
  readonly subject?: string;
  /** Milliseconds since the epoch; absent for a token without an end. */
  readonly expiresAt?: number;
}

/** What came of signing out. The token is gone from this machine in any case. */
export interface OpenbaoLoggedOut {
  /** Whether OpenBao was told; false too where there was nothing to revoke. */
  readonly revoked: boolean;
  /** Why it could not be told, so that the token is good until its time is over. */
  readonly code?: ErrorCode;
}

/** A sign-in at OpenBao that is kept up by itself. */
export interface OpenbaoSession {
  readonly kind: OpenbaoCredential['kind'];
  readonly url: string;
  readonly namespace: string | undefined;
  /**
   * OpenBao, signed in: with the kept token, else with a new one. Its token renews itself, and is replaced where OpenBao has it no more.
   *
   * @throws {DrawbridgeError} `not_signed_in`, `openbao_login_refused`, `openbao_keys_unreachable`, `openbao_sealed`, `openbao_standby`,
   * `unreachable`, `timeout`, `locked`, `canceled`, `shutting_down`, or what the session of the person throws
   */
  openbao(request?: OpenbaoRequest): Promise<Openbao>;
  /** Whose token is kept here and good by its time; asks nobody and nothing. */
  peek(): Promise<OpenbaoPeek | undefined>;
  /** Names whose values are read, without a call: for caches. Undefined where that is not known. */
  identity(): Promise<string | undefined>;
  /** Revokes the token, deletes it here with the values that were kept, and says whether it could be revoked (S33). */
  logout(): Promise<OpenbaoLoggedOut>;
  /** Has something done at a logout as well. */
  onLogout(work: () => Promise<void>): void;
  /** Ends renewals. A token that is kept for other processes stays good; any other is revoked. Idempotent. */
  close(): Promise<void>;
}

/** Others may be waiting for OpenBao, in milliseconds. */
const waitForExchangeMs = 60_000;
/** A token that ends sooner is not used any more: so much of its life, and at most so many milliseconds. */
const restShare = 0.1;
const restMs = 30_000;

/**
 * Makes the session. Nothing is loaded and nothing goes over the wire before it is first used.
 *
 * A person goes through three steps, each only where the one before it does not do: the token of OpenBao that another process has kept;
 * a silent refresh of the session in Zitadel, whose id_token is exchanged; a new sign-in there, where somebody can be asked. However
 * many processes wait, there is one exchange.
 *
 * @throws {DrawbridgeError} `invalid_settings`
 * @example
 * ```ts
 * import { createConfigManager, environmentSource } from '@drawbridge/config';
 * import { createOpenbaoSession, openbaoSource } from '@drawbridge/config/openbao';
 * import { Secret } from '@drawbridge/kit/core';
 *
 * const session = createOpenbaoSession({
 *   url: 'https://bao.acme.example',
 *   as: { kind: 'token', token: new Secret(process.env.OPENBAO_TOKEN ?? '') },
 * });
 * const store = openbaoSource({ session, app: 'harmony', environment: 'dev' });
 * const config = createConfigManager({ sources: [environmentSource(), store] });
 * console.log(await config.explain('database'));
 * await config.close();
 * await session.close();
 * ```
 */
export function createOpenbaoSession(options: OpenbaoSessionOptions): OpenbaoSession {
  if (!URL.canParse(options.url))
    throw new DrawbridgeError('invalid_settings', { message: `"${options.url}" is no URL of an OpenBao.` });
  return new Session(options);
}

class Session implements OpenbaoSession {
  readonly kind: OpenbaoCredential['kind'];
  readonly url: string;
  readonly namespace: string | undefined;
  readonly #options: OpenbaoSessionOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #authMount: string;
  readonly #role: string;
  readonly #place: TokenPlace | undefined;
  readonly #cleanups: (() => Promise<void>)[] = [];
  #client: Promise<Openbao> | undefined;
  #lease: LeasedToken | undefined;
  /** What the lease was last given: a kept token that is the same one is the one that did not do. */
  #last: KeptToken | undefined;
  #asking: OpenbaoRequest = { mayAsk: false };
  /** One at a time, so that the one who may ask a person is not taken for one who may not. */
  #turn: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: OpenbaoSessionOptions) {
    const { as, role = 'harmony-developer', folder } = options;
    this.kind = as.kind;
    this.url = options.url.replace(/\/+$/, '').replace(/\/v1$/, '');
    this.namespace = options.namespace;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#authMount = options.authMount ?? defaultMountOf(as);
    this.#role = role;
    const who = as.kind === 'userpass' ? as.username : as.kind === 'machine' ? as.subject : undefined;
    const isNamed = as.kind === 'person' || who !== undefined;
    if (folder !== undefined && isNamed) {
      const name = nameFor([this.url, this.namespace, as.kind, this.#authMount, role, who]);
      this.#place = tokenFile(folder, name);
    }
  }

  async openbao(request: OpenbaoRequest = {}): Promise<Openbao> {
    if (this.#closing !== undefined)
      throw new DrawbridgeError('shutting_down', { message: 'The session is closed.' });
    const { as } = this.#options;
    const client = await this.#connect();
    if (as.kind === 'token') return client.as({ token: as.token });
    const lease = await this.#leaseOf(client);
    const turn = this.#turn.then(async () => {
      this.#asking = request;
      try {
        await lease.token(request.signal);
      } finally {
        this.#asking = { mayAsk: false };
      }
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
    return client.as({ token: lease });
  }

  async peek(): Promise<OpenbaoPeek | undefined> {
    const kept = (await this.#place?.read()) ?? this.#last;
    if (!kept || !this.#isGood(kept)) return undefined;
    const { role, subject, expiresAt } = kept;
    return {
      ...(role === undefined ? {} : { role }),
      ...(subject === undefined ? {} : { subject }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }

  async identity(): Promise<string | undefined> {
    const { as } = this.#options;
    const parts = [this.url, this.namespace, as.kind, this.#authMount, this.#role];
    if (as.kind === 'token') return nameFor([...parts, as.token.expose()]);
    const subject = (await this.#place?.read())?.subject ?? this.#last?.subject;
    return subject === undefined ? undefined : nameFor([...parts, subject]);
  }

  onLogout(work: () => Promise<void>): void {
    this.#cleanups.push(work);
  }

  async logout(): Promise<OpenbaoLoggedOut> {
    // Values first: their place is named by whose token it is.
    const cleaned = await Promise.allSettled(this.#cleanups.map((cleanup) => cleanup()));
    await this.#stopLease();
    const place = this.#place;
    const done = await (place ? this.#alone(place, () => this.#end()) : this.#end());
    const failed = cleaned.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return done;
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const held = this.#place ? undefined : this.#last;
      await this.#stopLease();
      if (held && held.type !== 'batch') {
        // It ends by itself; who reads the log knows that it may live until then.
        await this.#revoke(held.token).catch((error: unknown) => {
          this.#logger.warn({ component: 'config', err: error }, 'the token of OpenBao could not be revoked');
        });
      }
      await (await this.#client?.catch(() => undefined))?.close();
    })();
    return this.#closing;
  }

  /** Loads the client when it is first needed: a program whose values are all at hand does without. */
  #connect(): Promise<Openbao> {
    this.#client ??= import('@drawbridge/openbao')
      .then(({ createOpenbao }) => {
        const { as: _as, authMount: _mount, role: _role, folder: _folder, ...rest } = this.#options;
        return createOpenbao({ ...rest, clock: this.#clock, logger: this.#logger });
      })
      .catch((error: unknown) => {
        this.#client = undefined;
        throw error;
      });
    return this.#client;
  }

  async #leaseOf(openbao: Openbao): Promise<LeasedToken> {
    const { createLeasedToken } = await import('@drawbridge/openbao');
    this.#lease ??= createLeasedToken({
      openbao,
      clock: this.#clock,
      logger: this.#logger,
      // What is revoked and when is decided here.
      revokeOnStop: false,
      login: (signal) => this.#login(openbao, signal),
      onRenewed: (login) => this.#renewed(login),
    });
    return this.#lease;
  }

  async #stopLease(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.stop();
  }

  /** Revokes what is kept, and removes it in any case. */
  async #end(): Promise<OpenbaoLoggedOut> {
    const kept = (await this.#place?.read()) ?? this.#last;
    this.#last = undefined;
    try {
      if (!kept || kept.type === 'batch') return { revoked: false };
      await this.#revoke(kept.token);
      return { revoked: true };
    } catch (error) {
      const { code } = DrawbridgeError.from(error);
      // A token that OpenBao does not know is no longer good.
      return code === 'openbao_denied' ? { revoked: true } : { revoked: false, code };
    } finally {
      await this.#place?.remove();
    }
  }

  #alone<T>(
    { lockFolder }: TokenPlace,
    work: () => Promise<T>,
    more: { readonly signal?: AbortSignal; readonly meanwhile?: () => Promise<T | undefined> } = {},
  ): Promise<T> {
    return locked(lockFolder, work, {
      clock: this.#clock,
      waitMs: waitForExchangeMs,
      message: 'Another process is still signing in at OpenBao.',
      ...more,
    });
  }

  async #revoke(token: Secret): Promise<void> {
    await (await this.#connect()).tokens.revokeSelf({ token });
  }

  /** The kept token, or a new one. */
  async #login(openbao: Openbao, stopped: AbortSignal): Promise<LoginToken> {
    const { as } = this.#options;
    const { mayAsk = true, signal: given } = this.#asking;
    const signal = given ? AbortSignal.any([given, stopped]) : stopped;
    const who = await whoIs(as);
    const kept = await this.#usable(who);
    if (kept) return this.#take(kept);
    const presented = await present(as, { mayAsk, signal });
    const exchangeNow = async (): Promise<KeptToken> => {
      // Another process may have been faster.
      const other = await this.#usable(presented.subject ?? who);
      if (other) return other;
      const place = { openbao, authMount: this.#authMount, role: this.#role };
      const login = await exchange(as, presented, place, signal).catch(async (error: unknown) => {
        throw await explainRefusal(error, { as, presented, clock: this.#clock, ...place });
      });
      const made = this.#keptFrom(login, presented.subject ?? who);
      await this.#place?.write(made);
      return made;
    };
    if (!this.#place) return this.#take(await exchangeNow());
    const made = await this.#alone(this.#place, exchangeNow, {
      signal,
      meanwhile: () => this.#usable(presented.subject ?? who),
    });
    return this.#take(made);
  }

  /** The kept token, where it is good by its time, is whose it has to be, and is not the one that was given up. */
  async #usable(who: string | undefined): Promise<KeptToken | undefined> {
    const kept = await this.#place?.read();
    if (!kept || !this.#isGood(kept)) return undefined;
    if (kept.token.expose() === this.#last?.token.expose()) {
      // No other process may try it again.
      await this.#place?.remove();
      return undefined;
    }
    if (kept.subject === who) return kept;
    // Somebody else is signed in by now, or nobody: nobody may go on as the one before.
    await this.#revoke(kept.token).catch((error: unknown) => {
      this.#logger.warn(
        { component: 'config', err: error },
        "another user's token of OpenBao could not be revoked",
      );
    });
    await this.#place?.remove();
    return undefined;
  }

  #isGood({ expiresAt, lifeMs }: KeptToken): boolean {
    return expiresAt === undefined || expiresAt - this.#clock.now() > Math.min(restMs, lifeMs * restShare);
  }

  #take(kept: KeptToken): LoginToken {
    this.#last = kept;
    const { token, accessor, policies, renewable, type, expiresAt } = kept;
    // At least one: none would stand for a token without an end.
    const leaseSeconds =
      expiresAt === undefined ? 0 : Math.max(1, Math.floor((expiresAt - this.#clock.now()) / 1_000));
    return { token, accessor, policies, metadata: {}, leaseSeconds, renewable, type, warnings: [] };
  }

  #keptFrom(login: LoginToken, subject: string | undefined): KeptToken {
    const { token, accessor, policies, renewable, type, leaseSeconds } = login;
    const lifeMs = leaseSeconds * 1_000;
    const role = this.#options.as.kind === 'userpass' ? undefined : (login.metadata.role ?? this.#role);
    return {
      token,
      accessor,
      policies,
      renewable,
      type,
      lifeMs,
      ...(lifeMs > 0 ? { expiresAt: this.#clock.now() + lifeMs } : {}),
      ...(role === undefined ? {} : { role }),
      ...(subject === undefined ? {} : { subject }),
    };
  }

  /** Lets other processes know how long the token holds now. */
  #renewed(login: LoginToken): void {
    const last = this.#last;
    if (!last || last.token.expose() !== login.token.expose()) return;
    this.#last = { ...last, expiresAt: this.#clock.now() + login.leaseSeconds * 1_000 };
    const renewed = this.#last;
    const write = async () => {
      const kept = await this.#place?.read();
      if (kept?.token.expose() === renewed.token.expose()) await this.#place?.write(renewed);
    };
    write().catch((error: unknown) => {
      this.#logger.warn({ component: 'config', err: error }, 'a renewed token could not be kept');
    });
  }
}

function defaultMountOf({ kind, ...others }: OpenbaoCredential): string {
  if (kind === 'userpass') return 'mount' in others && others.mount !== undefined ? others.mount : 'userpass';
  return kind === 'kubernetes' ? 'kubernetes' : 'jwt';
}
