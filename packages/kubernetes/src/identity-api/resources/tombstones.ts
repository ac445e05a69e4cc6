import type { Clock } from '@drawbridge/kit';

const mostKept = 10_000;

/**
 * What was deleted here a moment ago. Zitadel's lists lag, and kubectl looks at once whether the object is gone: as long as it is
 * listed it would wait.
 */
export class Tombstones {
  readonly #until = new Map<string, number>();
  readonly #clock: Clock;
  readonly #keepMs: number;

  /** @param keepMs how long lists may lag, in milliseconds */
  constructor(clock: Clock, keepMs = 60_000) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  add(id: string): void {
    this.#until.delete(id);
    const oldest = this.#until.size >= mostKept ? this.#until.keys().next().value : undefined;
    if (oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(id, this.#clock.now() + this.#keepMs);
  }

  has(id: string): boolean {
    return (this.#until.get(id) ?? 0) > this.#clock.now();
  }
}
