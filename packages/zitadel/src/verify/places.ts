import { DrawbridgeError } from '@drawbridge/kit';
import type { MissLimit } from './miss-limit.ts';

/** A token that is to be asked about. */
export interface Asked {
  /** Whether the issuer's signature speaks for it. */
  readonly proved: boolean;
  /** Who sends it, for the limit on unknown tokens. */
  readonly source: string | undefined;
}

/**
 * Places for questions to Zitadel under way at once. A JWT whose signature is proved is no garbage: no source's limit holds
 * it up, and a quarter of the places is kept for such, so that opaque nonsense cannot shut them out.
 */
export class Places {
  readonly #all: number;
  readonly #unprovedMost: number;
  readonly #misses: MissLimit;
  #taken = 0;
  #unproved = 0;

  constructor(all: number, misses: MissLimit) {
    this.#all = all;
    this.#unprovedMost = Math.max(1, Math.floor(all * 0.75));
    this.#misses = misses;
  }

  /**
   * Takes a place.
   *
   * @returns gives it back
   * @throws {DrawbridgeError} `rate_limited` when there is none, or when the source sends too many unknown tokens
   */
  take({ proved, source }: Asked): () => void {
    if (this.#taken >= this.#all || (!proved && this.#unproved >= this.#unprovedMost)) {
      throw busy('Too many tokens are being looked up.');
    }
    if (!proved && source !== undefined && !this.#misses.admit(source)) {
      throw busy('This source sends too many unknown tokens.');
    }
    this.#taken += 1;
    if (!proved) this.#unproved += 1;
    return () => {
      this.#taken -= 1;
      if (!proved) this.#unproved -= 1;
    };
  }
}

/** Refused for now, which says nothing of the token. */
export function busy(message: string): DrawbridgeError {
  return new DrawbridgeError('rate_limited', { message, fix: 'Try again in a moment.' });
}
