import type { Clock } from '@drawbridge/kit';

/** How much one source may cause. */
export interface MissLimitOptions {
  /** Misses a second that one source may cause in the long run. */
  readonly perSecond: number;
  /** Misses it may cause at once. */
  readonly burst: number;
  readonly clock: Clock;
}

const mostSources = 10_000;

/**
 * Keeps one source of unknown tokens from using up the calls of all. Admission is immediate or refused: waiting would
 * pile up requests.
 */
export class MissLimit {
  readonly #options: MissLimitOptions;
  readonly #sources = new Map<string, { left: number; at: number }>();

  constructor(options: MissLimitOptions) {
    this.#options = options;
  }

  admit(source: string): boolean {
    const { perSecond, burst, clock } = this.#options;
    const now = clock.now();
    const seen = this.#sources.get(source);
    const left = seen ? Math.min(burst, seen.left + ((now - seen.at) / 1_000) * perSecond) : burst;
    this.#sources.delete(source);
    if (!seen && this.#sources.size >= mostSources) {
      const oldest = this.#sources.keys().next().value;
      if (oldest !== undefined) this.#sources.delete(oldest);
    }
    this.#sources.set(source, { left: left < 1 ? left : left - 1, at: now });
    return left >= 1;
  }
}
