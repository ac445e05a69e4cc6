import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit/core';
import type { LeasedToken, LoginToken, Openbao } from '@drawbridge/openbao';
import { unlessAborted } from '../waiting/index.ts';
import { exchange, type OpenbaoCredential, present, whoIs } from './credential.ts';
import { type KeptToken, nameFor, tokenFile } from './kept-token.ts';
import { explainRefusal } from './refusal.ts';
import { SharedToken } from './shared-token.ts';
import { asKept, asLogin, isGood } from './token-life.ts';
import type {
  OpenbaoLoggedOut,
  OpenbaoPeek,
  OpenbaoRequest,
  OpenbaoSession,
  OpenbaoSessionOptions,
} from './types.ts';

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
  /** Absent where the token is this process's own. */
  readonly #shared: SharedToken | undefined;
  readonly #cleanups: (() => Promise<void>)[] = [];
  #client: Promise<Openbao> | undefined;
  #lease: LeasedToken | undefined;
  /** What the lease was last given: a kept token that is the same one is the one that did not do. */
  #last: KeptToken | undefined;
  #asking: OpenbaoRequest = { mayAsk: false };
  /** Whether somebody may be asked in the sign-in that is under way, or was the last. */
  #mayAsk = false;
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
      this.#shared = new SharedToken(tokenFile(folder, name), {
        clock: this.#clock,
        logger: this.#logger,
        revoke: (token) => this.#revoke(token),
      });
    }
  }

  async openbao(request: OpenbaoRequest = {}): Promise<Openbao> {
    if (this.#closing !== undefined)
      throw new DrawbridgeError('shutting_down', { message: 'The session is closed.' });
    const { as } = this.#options;
    const client = await this.#connect();
    if (as.kind === 'token') return client.as({ token: as.token });
    const lease = await this.#leaseOf(client);
    const turn = this.#turn.then(() => this.#requireToken(lease, request));
    this.#turn = turn.catch(() => undefined);
    await unlessAborted(turn, request.signal);
    return client.as({ token: lease });
  }

  async peek(): Promise<OpenbaoPeek | undefined> {
    const kept = (await this.#shared?.read()) ?? this.#last;
    if (!kept || !isGood(kept, this.#clock.now())) return undefined;
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
    const subject = (await this.#shared?.read())?.subject ?? this.#last?.subject;
    return subject === undefined ? undefined : nameFor([...parts, subject]);
  }

  onLogout(work: () => Promise<void>): void {
    this.#cleanups.push(work);
  }

  async logout(): Promise<OpenbaoLoggedOut> {
    // Values first: their place is named by whose token it is.
    const cleaned = await Promise.allSettled(this.#cleanups.map((cleanup) => cleanup()));
    await this.#stopLease();
    const done = await (this.#shared ? this.#shared.alone(() => this.#end()) : this.#end());
    const failed = cleaned.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return done;
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const held = this.#shared ? undefined : this.#last;
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

  async #requireToken(lease: LeasedToken, request: OpenbaoRequest): Promise<void> {
    this.#asking = request;
    try {
      await lease.token(request.signal).catch(async (error: unknown) => {
        // A sign-in that was under way already may have been one in which nobody is asked.
        const isForUs = this.#mayAsk || !(request.mayAsk ?? true);
        if (isForUs || DrawbridgeError.from(error).code !== 'not_signed_in') throw error;
        await lease.token(request.signal);
      });
    } finally {
      this.#asking = { mayAsk: false };
    }
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
    const kept = (await this.#shared?.read()) ?? this.#last;
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
      await this.#shared?.remove();
    }
  }

  async #revoke(token: Secret): Promise<void> {
    await (await this.#connect()).tokens.revokeSelf({ token });
  }

  /** The kept token, or a new one. */
  async #login(openbao: Openbao, stopped: AbortSignal): Promise<LoginToken> {
    const { as } = this.#options;
    const { mayAsk = true, signal: given } = this.#asking;
    this.#mayAsk = mayAsk;
    const signal = given ? AbortSignal.any([given, stopped]) : stopped;
    const who = await whoIs(as);
    const kept = await this.#shared?.usable(who, this.#last);
    if (kept) return this.#take(kept);
    const presented = await present(as, { mayAsk, signal });
    const exchangeNow = async (): Promise<KeptToken> => {
      // Another process may have been faster.
      const other = await this.#shared?.usable(presented.subject ?? who, this.#last);
      if (other) return other;
      const place = { openbao, authMount: this.#authMount, role: this.#role };
      const login = await exchange(as, presented, place, signal).catch(async (error: unknown) => {
        throw await explainRefusal(error, { as, presented, clock: this.#clock, ...place });
      });
      const role = as.kind === 'userpass' ? undefined : (login.metadata.role ?? this.#role);
      const made = asKept(login, { role, subject: presented.subject ?? who, now: this.#clock.now() });
      await this.#shared?.write(made);
      return made;
    };
    if (!this.#shared) return this.#take(await exchangeNow());
    const made = await this.#shared.alone(exchangeNow, {
      signal,
      meanwhile: async () => await this.#shared?.usable(presented.subject ?? who, this.#last),
    });
    return this.#take(made);
  }

  #take(kept: KeptToken): LoginToken {
    this.#last = kept;
    return asLogin(kept, this.#clock.now());
  }

  #renewed(login: LoginToken): void {
    const last = this.#last;
    if (!last || last.token.expose() !== login.token.expose()) return;
    this.#last = { ...last, expiresAt: this.#clock.now() + login.leaseSeconds * 1_000 };
    this.#shared?.update(this.#last).catch((error: unknown) => {
      this.#logger.warn({ component: 'config', err: error }, 'a renewed token could not be kept');
    });
  }
}

function defaultMountOf({ kind, ...others }: OpenbaoCredential): string {
  if (kind === 'userpass') return 'mount' in others && others.mount !== undefined ? others.mount : 'userpass';
  return kind === 'kubernetes' ? 'kubernetes' : 'jwt';
}
