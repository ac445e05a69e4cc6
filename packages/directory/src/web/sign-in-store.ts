import { type Clock, Secret } from '@drawbridge/kit';
import type { Database, WebApplication } from '../database/index.ts';
import type { Sealer } from '../sealing/index.ts';
import { hashOf } from './cookies.ts';

/** A sign-in under way, as the server keeps it while the browser is at Zitadel. */
export interface PendingSignIn {
  readonly application: WebApplication;
  /** Hash of the cookie of the browser that began it. */
  readonly browser: string;
  /** Path to go to afterwards. */
  readonly returnTo: string;
  /** What {@link WebSignIn.finish} needs. */
  readonly kept: string;
}

export interface SignInStoreOptions {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** How long somebody may take at Zitadel: as long as a page of its login lives. */
export const signInMs = 15 * 60_000;

/** The table of sign-ins under way. */
export class SignInStore {
  readonly #options: SignInStoreOptions;

  constructor(options: SignInStoreOptions) {
    this.#options = options;
  }

  async add(state: string, pending: PendingSignIn): Promise<void> {
    const { database, sealer, clock } = this.#options;
    const row = hashOf(state);
    await database.read((db) =>
      db
        .insertInto('web_sign_ins')
        .values({
          state_hash: row,
          application: pending.application,
          content: sealer.seal(new Secret(JSON.stringify(pending)), placeOf(row)),
          expires_at: new Date(clock.now() + signInMs),
        })
        .execute(),
    );
  }

  /** Takes it out: a state is good once. Nothing for one that is unknown, used or too old. */
  async take(state: string): Promise<PendingSignIn | undefined> {
    const { database, sealer, clock } = this.#options;
    const row = await database.read((db) =>
      db.deleteFrom('web_sign_ins').where('state_hash', '=', hashOf(state)).returningAll().executeTakeFirst(),
    );
    if (!row || row.expires_at.getTime() <= clock.now()) return undefined;
    return JSON.parse(sealer.open(row.content, placeOf(row.state_hash)).expose()) as PendingSignIn;
  }

  /** Removes those that nobody came back from. */
  async forget(): Promise<void> {
    const now = new Date(this.#options.clock.now());
    await this.#options.database.read((db) =>
      db.deleteFrom('web_sign_ins').where('expires_at', '<=', now).execute(),
    );
  }
}

const placeOf = (row: string) => ({ purpose: 'web_sign_ins.content', row });
