import { type Clock, Secret } from '@drawbridge/kit';
import type { Selectable, Transaction } from 'kysely';
import type { Acting } from '../api/index.ts';
import type { Database, Schema, WebApplication, WebSessionTable } from '../database/index.ts';
import type { Sealer } from '../sealing/index.ts';
import { hashOf, newTicket } from './cookies.ts';
import { csrfTokenOf } from './csrf.ts';

/** A row of `web_sessions`. */
export type SessionRow = Selectable<WebSessionTable>;

/** What is sealed in a session. Times are milliseconds since the epoch. */
export interface SessionTokens {
  readonly accessToken: Secret;
  readonly accessExpiresAt: number;
  readonly refreshToken?: Secret;
  readonly idToken?: Secret;
}

/** Somebody who has just signed in. */
export interface NewSession {
  readonly application: WebApplication;
  readonly integrationId: string;
  readonly subject: string;
  readonly zitadelSessionId?: string;
  readonly name: string;
  readonly email: string;
  readonly tokens: SessionTokens;
  readonly userAgent?: string;
}

export interface SessionStoreOptions {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** A session that is not used for this long has ended. */
  readonly idleMs: number;
  /** A session ends this long after its sign-in, used or not. */
  readonly maxMs: number;
}

/** How exactly `seen_at` is kept: not every request is worth a write. */
const seenMs = 60_000;

/** The table of signed-in browsers. Their cookies are in it as hashes, their tokens sealed. */
export class SessionStore {
  readonly #options: SessionStoreOptions;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  /** Keeps a new session. @returns the value of its cookie */
  async add(session: NewSession): Promise<string> {
    const { database, clock, maxMs } = this.#options;
    const cookie = newTicket();
    const now = clock.now();
    const at = new Date(now);
    const id = hashOf(cookie);
    await database.read((db) =>
      db
        .insertInto('web_sessions')
        .values({
          id_hash: id,
          application: session.application,
          integration_id: session.integrationId,
          subject: session.subject,
          zitadel_session_id: session.zitadelSessionId ?? null,
          name: session.name,
          email: session.email,
          tokens: this.#seal(id, session.tokens),
          csrf_hash: hashOf(csrfTokenOf(cookie)),
          user_agent: session.userAgent?.slice(0, 300) ?? null,
          created_at: at,
          seen_at: at,
          checked_at: at,
          expires_at: new Date(now + maxMs),
        })
        .execute(),
    );
    return cookie;
  }

  /** The session of a cookie, unless its time is over. */
  async find(cookie: string): Promise<SessionRow | undefined> {
    const row = await this.read(hashOf(cookie));
    const now = this.#options.clock.now();
    if (!row || row.expires_at.getTime() <= now) return undefined;
    return row.seen_at.getTime() + this.#options.idleMs <= now ? undefined : row;
  }

  async read(id: string): Promise<SessionRow | undefined> {
    return await this.#options.database.read((db) =>
      db.selectFrom('web_sessions').selectAll().where('id_hash', '=', id).executeTakeFirst(),
    );
  }

  /** @throws {DrawbridgeError} `seal_broken` when it was sealed with a key that is gone */
  tokensOf(row: SessionRow): SessionTokens {
    const text = this.#options.sealer.open(row.tokens, placeOf(row.id_hash)).expose();
    const { accessToken, accessExpiresAt, refreshToken, idToken } = JSON.parse(text) as Written;
    return {
      accessToken: new Secret(accessToken),
      accessExpiresAt,
      ...(refreshToken === undefined ? {} : { refreshToken: new Secret(refreshToken) }),
      ...(idToken === undefined ? {} : { idToken: new Secret(idToken) }),
    };
  }

  /** Replaces the tokens, unless somebody else has done so since the row was read. */
  async renew(row: SessionRow, tokens: SessionTokens): Promise<void> {
    await this.#options.database.read((db) =>
      db
        .updateTable('web_sessions')
        .set({ tokens: this.#seal(row.id_hash, tokens) })
        .where('id_hash', '=', row.id_hash)
        .where('tokens', '=', row.tokens)
        .execute(),
    );
  }

  /** Notes that the session was used and that Zitadel confirmed it. */
  async touch(row: SessionRow): Promise<void> {
    const now = this.#options.clock.now();
    if (now - row.seen_at.getTime() < seenMs) return;
    const at = new Date(now);
    await this.#options.database.read((db) =>
      db
        .updateTable('web_sessions')
        .set({ seen_at: at, checked_at: at })
        .where('id_hash', '=', row.id_hash)
        .execute(),
    );
  }

  /** Notes where a site administrator acts from now on, if anywhere. */
  async act(trx: Transaction<Schema>, id: string, acting: Acting | undefined): Promise<void> {
    await trx
      .updateTable('web_sessions')
      .set({
        acting_organization_id: acting?.organizationId ?? null,
        acting_reason: acting?.reason ?? null,
      })
      .where('id_hash', '=', id)
      .execute();
  }

  async end(id: string): Promise<void> {
    await this.#options.database.read((db) =>
      db.deleteFrom('web_sessions').where('id_hash', '=', id).execute(),
    );
  }

  /** Ends what a logout token names: one session of Zitadel's, or all that a user began before it. */
  async endNamed(
    integrationId: string,
    named: { readonly session?: string; readonly subject?: string; readonly issuedAt: number },
  ): Promise<number> {
    const { session, subject, issuedAt } = named;
    const ended = await this.#options.database.read((db) => {
      const query = db.deleteFrom('web_sessions').where('integration_id', '=', integrationId);
      const narrowed =
        session === undefined
          ? query.where('created_at', '<=', new Date(issuedAt + clockSkewMs))
          : query.where('zitadel_session_id', '=', session);
      return (subject === undefined ? narrowed : narrowed.where('subject', '=', subject)).executeTakeFirst();
    });
    return Number(ended.numDeletedRows);
  }

  /** Removes sessions whose time is over. */
  async forget(): Promise<void> {
    const now = this.#options.clock.now();
    await this.#options.database.read((db) =>
      db
        .deleteFrom('web_sessions')
        .where((or) =>
          or.or([
            or('expires_at', '<=', new Date(now)),
            or('seen_at', '<=', new Date(now - this.#options.idleMs)),
          ]),
        )
        .execute(),
    );
  }

  #seal(id: string, { accessToken, accessExpiresAt, refreshToken, idToken }: SessionTokens): string {
    const written: Written = {
      accessToken: accessToken.expose(),
      accessExpiresAt,
      ...(refreshToken ? { refreshToken: refreshToken.expose() } : {}),
      ...(idToken ? { idToken: idToken.expose() } : {}),
    };
    return this.#options.sealer.seal(new Secret(JSON.stringify(written)), placeOf(id));
  }
}

interface Written {
  readonly accessToken: string;
  readonly accessExpiresAt: number;
  readonly refreshToken?: string;
  readonly idToken?: string;
}

/** Zitadel's clock may differ from ours by this much. */
const clockSkewMs = 60_000;

const placeOf = (id: string) => ({ purpose: 'web_sessions.tokens', row: id });
