/** How many calls a token may make. */
export interface RateLimit {
  /** Calls a minute in the long run. Upstream's default is 6. */
  readonly perMinute: number;
  /** Calls that may go at once after a pause. Upstream's default is 500. */
  readonly burst: number;
}

/** A bucket for each token (management/server/http/middleware/rate_limiter.go). */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** Whether a call with this token may pass now; takes it out of the bucket if so. */
  allow(token: string, { perMinute, burst }: RateLimit, now: number): boolean {
    const bucket = this.#buckets.get(token) ?? { tokens: burst, at: now };
    const refilled = bucket.tokens + (Math.max(0, now - bucket.at) / 60_000) * perMinute;
    const tokens = Math.min(burst, refilled);
    const passes = tokens >= 1;
    this.#buckets.set(token, { tokens: passes ? tokens - 1 : tokens, at: now });
    return passes;
  }
}
