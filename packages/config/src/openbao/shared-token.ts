import { type Clock, type Logger, type Secret, withFolderLock } from '@drawbridge/kit/core';
import type { KeptToken, TokenPlace } from './kept-token.ts';
import { isGood } from './token-life.ts';

/** What a shared token works with. */
export interface SharingTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly revoke: (token: Secret) => Promise<void>;
}

/** Others may be waiting for OpenBao, in milliseconds. */
const waitForExchangeMs = 60_000;

/** The token that the processes of one account share, and who of them may change it. */
export class SharedToken {
  readonly #place: TokenPlace;
  readonly #tools: SharingTools;

  constructor(place: TokenPlace, tools: SharingTools) {
    this.#place = place;
    this.#tools = tools;
  }

  read(): Promise<KeptToken | undefined> {
    return this.#place.read();
  }

  write(token: KeptToken): Promise<void> {
    return this.#place.write(token);
  }

  remove(): Promise<void> {
    return this.#place.remove();
  }

  /** Lets other processes know how long the token holds now, if it is still the one. */
  async update(token: KeptToken): Promise<void> {
    const kept = await this.#place.read();
    if (kept?.token.expose() === token.token.expose()) await this.#place.write(token);
  }

  /**
   * The token, where it is good by its time, is whose it has to be, and is not the one that was given up.
   *
   * @param who whose it has to be; undefined where nobody is signed in
   */
  async usable(who: string | undefined, givenUp: KeptToken | undefined): Promise<KeptToken | undefined> {
    const { clock, logger, revoke } = this.#tools;
    const kept = await this.#place.read();
    if (!kept || !isGood(kept, clock.now())) return undefined;
    if (kept.token.expose() === givenUp?.token.expose()) {
      // No other process may try it again.
      await this.#place.remove();
      return undefined;
    }
    if (kept.subject === who) return kept;
    // Somebody else is signed in by now, or nobody: nobody may go on as the one before.
    await revoke(kept.token).catch((error: unknown) => {
      logger.warn(
        { component: 'config', err: error },
        "another user's token of OpenBao could not be revoked",
      );
    });
    await this.#place.remove();
    return undefined;
  }

  /** Does something while no other process does, or takes what another one has brought about. */
  alone<T>(
    work: () => Promise<T>,
    more: { readonly signal?: AbortSignal; readonly meanwhile?: () => Promise<T | undefined> } = {},
  ): Promise<T> {
    return withFolderLock(this.#place.lockFolder, work, {
      clock: this.#tools.clock,
      waitMs: waitForExchangeMs,
      message: 'Another process is still signing in at OpenBao.',
      ...more,
    });
  }
}
