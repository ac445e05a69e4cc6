import type { Clock } from '@drawbridge/kit';

/** Time that runs as usual, and on which nobody waits: a sleep moves it on at once. */
export class SkippingClock implements Clock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  advance(ms: number): void {
    this.#ahead += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#ahead += ms;
  }
}
