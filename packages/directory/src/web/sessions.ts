import { type Clock, DrawbridgeError, type Logger } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import type { Acting, Authenticator, BrowserSession, BrowserSessions } from '../api/index.ts';
import type { Schema } from '../database/index.ts';
import type { WebApplications } from './applications.ts';
import { type Cookies, readCookie } from './cookies.ts';
import { csrfTokenOf, requireOwnPage } from './csrf.ts';
import type { SessionRow, SessionStore, SessionTokens } from './session-store.ts';

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly applications: WebApplications;
  /** Proves the session's access token: whoever is denied with a bearer token is denied with a cookie. */
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cookies: () => Cookies;
  /** Origin that the console is served at. */
  readonly origin: () => string;
}

/** A token is renewed when this little of its time is left, in milliseconds. */
const renewMs = 60_000;
/** How long another process that renews the same session is waited for, in milliseconds. */
const otherRenewalMs = [100, 300, 900] as const;

/**
 * Cookie sessions, proved anew at Zitadel with each request: the authenticator remembers a "yes" for 30 seconds at most,
 * so that a session whose user was deactivated ends within them. While Zitadel cannot be asked nobody is let in.
 */
export class Sessions implements BrowserSessions {
  readonly #options: SessionsOptions;
  readonly #renewing = new Map<string, Promise<SessionTokens | undefined>>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  cookieOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
    return readCookie(headers.cookie, this.#options.cookies().session);
  }

  async of(request: FastifyRequest, signal: AbortSignal): Promise<BrowserSession | undefined> {
    const { store, origin } = this.#options;
    const cookie = this.cookieOf(request);
    const row = cookie === undefined ? undefined : await store.find(cookie);
    if (cookie === undefined || !row) return undefined;
    requireOwnPage(request, row.csrf_hash, origin());
    if (!(await this.isGood(row, signal))) {
      await store.end(row.id_hash);
      return undefined;
    }
    await store.touch(row);
    return {
      id: row.id_hash,
      subject: row.subject,
      application: row.application,
      name: row.name,
      email: row.email,
      zitadelSessionId: row.zitadel_session_id ?? undefined,
      csrfToken: csrfTokenOf(cookie),
      acting:
        row.acting_organization_id === null
          ? undefined
          : { organizationId: row.acting_organization_id, reason: row.acting_reason ?? '' },
    };
  }

  async act(trx: Transaction<Schema>, session: BrowserSession, acting: Acting | undefined): Promise<void> {
    await this.#options.store.act(trx, session.id, acting);
  }

  /**
   * Whether Zitadel still knows the session as its user's.
   *
   * @throws {DrawbridgeError} when it cannot be told
   */
  async isGood(row: SessionRow, signal: AbortSignal): Promise<boolean> {
    const { store } = this.#options;
    if (await this.#proves(row, signal)) return true;
    // Another process may have renewed the tokens since the row was read, which ended the former at once.
    const now = await store.read(row.id_hash);
    return now !== undefined && now.tokens !== row.tokens && (await this.#proves(now, signal));
  }

  async #proves(row: SessionRow, signal: AbortSignal): Promise<boolean> {
    const tokens = await this.#current(row);
    if (!tokens) return false;
    const subject = await this.#options.authenticator.subjectOf(tokens.accessToken.expose(), signal);
    return subject === row.subject;
  }

  /** The session's tokens, renewed where their time is nearly over; nothing when it cannot go on. */
  async #current(row: SessionRow): Promise<SessionTokens | undefined> {
    const { clock } = this.#options;
    const tokens = this.#open(row);
    const leftMs = tokens ? tokens.accessExpiresAt - clock.now() : 0;
    if (!tokens || leftMs > renewMs) return tokens;
    if (!tokens.refreshToken) return leftMs > 0 ? tokens : undefined;
    let renewing = this.#renewing.get(row.id_hash);
    if (!renewing) {
      renewing = this.#renew(row, tokens).finally(() => this.#renewing.delete(row.id_hash));
      this.#renewing.set(row.id_hash, renewing);
    }
    try {
      return await renewing;
    } catch (error) {
      const { code } = DrawbridgeError.from(error);
      this.#options.logger.warn({ component: 'web', code }, 'a session could not be renewed');
      if (leftMs > 0) return tokens;
      throw error;
    }
  }

  async #renew(
    row: SessionRow,
    { refreshToken, idToken }: SessionTokens,
  ): Promise<SessionTokens | undefined> {
    const { store, applications, clock } = this.#options;
    if (!refreshToken) return undefined;
    const { signIn } = await applications.signIn(row.application);
    try {
      const renewed = await signIn.refresh(refreshToken, row.subject);
      // A token that was not replaced is still the one to use.
      const tokens: SessionTokens = { refreshToken, ...(idToken ? { idToken } : {}), ...renewed };
      await store.renew(row, tokens);
      return tokens;
    } catch (error) {
      const { code } = DrawbridgeError.from(error);
      if (code !== 'session_ended' && code !== 'sign_in_wrong_user') throw error;
      // A refresh token is good once: it may have been another process that used it.
      for (const ms of otherRenewalMs) {
        const now = await store.read(row.id_hash);
        if (now && now.tokens !== row.tokens) return this.#open(now);
        await clock.sleep(ms, undefined, { background: true });
      }
      return undefined;
    }
  }

  /** Tokens that were sealed with a key that is gone belong to nobody any more. */
  #open(row: SessionRow): SessionTokens | undefined {
    try {
      return this.#options.store.tokensOf(row);
    } catch (error) {
      const { code } = DrawbridgeError.from(error);
      if (code !== 'seal_broken') throw error;
      this.#options.logger.info({ component: 'web', code }, 'a session was sealed with a key that is gone');
      return undefined;
    }
  }
}
