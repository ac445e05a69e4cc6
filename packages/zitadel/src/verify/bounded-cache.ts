import type { Clock } from '@drawbridge/kit';

/** A map whose entries end, and which forgets the least recently used one when it is full. */
export class BoundedCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly until: number }>();
  readonly #most: number;
  readonly #clock: Clock;

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.#clock.now()) return undefined;
    this.#entries.set(key, entry); // a Map keeps insertion order: now it is the newest
    return entry.value;
  }

  /** @param until milliseconds since the epoch */
  set(key: string, value: V, until: number): void {
    this.#entries.delete(key);
    if (until <= this.#clock.now()) return;
    if (this.#entries.size >= this.#most) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, until });
  }
}
