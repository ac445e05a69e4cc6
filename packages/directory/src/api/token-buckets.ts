import type { Clock } from '@drawbridge/kit';

/** A token bucket's size: `burst` requests at once, `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a bucket said to one request. Seconds are whole and rounded up. */
export interface Taken {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetSeconds: number;
  /** Until one more request is allowed; 0 where one is now. */
  readonly retryAfterSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Token buckets by key, at most so many. A full bucket is no different from none, so that only busy keys are kept; where
 * even these are too many, the one that was not used for the longest time is forgotten.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #most: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, clock: Clock, most = 10_000) {
    this.#rate = rate;
    this.#clock = clock;
    this.#most = most;
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(key: string): Taken {
    const { perSecond, burst } = this.#rate;
    const now = this.#clock.now();
    const known = this.#buckets.get(key);
    const tokens = known ? this.#filled(known, now) : burst;
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    // A Map keeps the order of insertion: now it is the newest.
    this.#buckets.delete(key);
    if (this.#buckets.size >= this.#most) this.#forget(now);
    this.#buckets.set(key, { tokens: left, at: now });
    return {
      allowed,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((burst - left) / perSecond),
      retryAfterSeconds: left >= 1 ? 0 : Math.ceil((1 - left) / perSecond),
    };
  }

  #filled({ tokens, at }: Bucket, now: number): number {
    const { perSecond, burst } = this.#rate;
    return Math.min(burst, tokens + (Math.max(0, now - at) / 1_000) * perSecond);
  }

  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#filled(bucket, now) < this.#rate.burst && this.#buckets.size < this.#most) return;
      this.#buckets.delete(key);
    }
  }
}
