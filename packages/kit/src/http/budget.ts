import { type Clock, systemClock } from '../clock/index.ts';
import { DrawbridgeError } from '../errors/index.ts';

/** Who waits for a call: a person goes before background work. */
export type Priority = 'high' | 'low';

export interface BudgetOptions {
  /** Calls a second in the long run. */
  readonly perSecond: number;
  /** Calls that may go at once after a pause. Default: `perSecond`, at least 1. */
  readonly burst?: number;
  readonly clock?: Clock;
}

interface Waiter {
  readonly admit: () => void;
  readonly priority: Priority;
}

/**
 * A token bucket with two lanes. Every call to one Zitadel instance takes one token, so that all parts together stay
 * under the instance's rate limit; people's calls are admitted before those of sweeps.
 *
 * Own code because the limiters of the field have either a burst or priorities or cancellation, and none takes a clock.
 *
 * @example
 * ```ts
 * import { Budget } from '@drawbridge/kit';
 *
 * const tokenEndpoint = new Budget({ perSecond: 3, burst: 5 });
 * await tokenEndpoint.take();
 * ```
 */
export class Budget {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;
  #waiters: Waiter[] = [];
  #pumping = false;

  /** @throws {DrawbridgeError} `invalid_settings` for a rate that would never admit anything */
  constructor(options: BudgetOptions) {
    const { perSecond, burst = Math.max(1, perSecond) } = options;
    if (!(perSecond > 0) || !(burst >= 1)) {
      throw new DrawbridgeError('invalid_settings', {
        message: 'An outbound budget needs a rate above 0 and a burst of at least 1.',
        saw: `${perSecond}/s, burst ${burst}`,
      });
    }
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#clock = options.clock ?? systemClock;
    this.#tokens = this.#burst;
    this.#filledAt = this.#clock.now();
  }

  /** How many calls wait for admission. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** How much of it is in use now: 0 for a budget at rest, 1 where the next call has to wait. */
  get used(): number {
    this.#refill();
    return this.#waiters.length > 0 ? 1 : 1 - this.#tokens / this.#burst;
  }

  /**
   * Resolves when the call may go.
   *
   * @throws the signal's reason when it aborts while waiting; no token is used then
   */
  take(priority: Priority = 'high', signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        priority,
        admit: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#waiters.length > 0) {
        this.#refill();
        if (this.#tokens < 1) {
          await this.#clock.sleep(Math.ceil((1 - this.#tokens) / this.#perMs));
          continue;
        }
        this.#tokens -= 1;
        const at = Math.max(
          0,
          this.#waiters.findIndex((waiter) => waiter.priority === 'high'),
        );
        this.#waiters.splice(at, 1)[0]?.admit();
      }
    } finally {
      this.#pumping = false;
    }
  }

  #refill(): void {
    const now = this.#clock.now();
    // A wall clock set back must not take tokens away: calls would stand still for as long as it was set back.
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
  }
}
