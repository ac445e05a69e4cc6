import type { Clock } from '@drawbridge/kit';

/** A wait that others can end early: loops poll with it, and whoever has news wakes them. */
export class WakeUp {
  readonly #clock: Clock;
  #waiting = new Set<AbortController>();
  #woken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often it was woken: to be read before looking for work, so that a call during the look is not lost. */
  get count(): number {
    return this.#woken;
  }

  /** Ends every wait. */
  wake(): void {
    this.#woken += 1;
    for (const waiting of this.#waiting) waiting.abort();
    this.#waiting = new Set();
  }

  /** Waits for `ms`, for {@link WakeUp.wake} (also one since `seen`), or for the signal; never rejects. */
  async wait(ms: number, seen: number, signal: AbortSignal): Promise<void> {
    if (this.#woken !== seen) return;
    const waiting = new AbortController();
    this.#waiting.add(waiting);
    await this.#clock.sleep(ms, AbortSignal.any([waiting.signal, signal]), { background: true }).then(
      () => this.#waiting.delete(waiting),
      () => this.#waiting.delete(waiting),
    );
  }
}
