import { setTimeout as wait } from 'node:timers/promises';

export interface SleepOptions {
  /**
   * For loops that run beside the work (renewals, reloads): such a sleep does not keep the process alive. Default
   * false, since a process that ended while something it does is merely waiting would end in the middle of it.
   */
  readonly background?: boolean;
}

/** Time as a seam: everything that reads a clock or waits takes one of these as an option. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal, options?: SleepOptions): Promise<void>;
}

/** Node's timers hold 31 bits of milliseconds and fire at once beyond that. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal, options = {}) => {
    signal?.throwIfAborted();
    const timer = { ref: !(options.background ?? false), ...(signal ? { signal } : {}) };
    try {
      let left = ms;
      for (; left > longestTimerMs; left -= longestTimerMs) await wait(longestTimerMs, undefined, timer);
      await wait(left, undefined, timer);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
