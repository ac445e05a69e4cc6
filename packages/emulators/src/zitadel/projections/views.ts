import type { Clock } from '@drawbridge/kit';
import type { AnyEvent, EventLog } from '../store/index.ts';
import { State } from './state.ts';

/**
 * The two readings of the log: the newest state, which commands check against and some reads wait for, and the lagging
 * one that most lists read. Upstream projects asynchronously after each push (internal/eventstore/handler/v2); here the
 * lag is a number that a test sets, zero at first, and then both are one.
 */
export class Views {
  readonly #log: EventLog;
  readonly #clock: Clock;
  #fresh = new State();
  #behind: State | undefined;
  #lagMs = 0;

  constructor(log: EventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    for (const event of log.from()) this.#fresh.apply(event);
    log.subscribe((events) => this.#apply(events));
  }

  get lagMs(): number {
    return this.#lagMs;
  }

  /** From now on lists show events only after this many milliseconds. */
  set lagMs(ms: number) {
    if (ms > 0 && !this.#behind) {
      // Lag begins here: what was visible stays visible.
      this.#behind = new State();
      for (const event of this.#log.from()) this.#behind.apply(event);
    }
    if (ms <= 0) this.#behind = undefined;
    this.#lagMs = Math.max(0, ms);
  }

  /** Everything that happened. */
  fresh(): State {
    return this.#fresh;
  }

  /** What lists show. */
  lagging(): State {
    const behind = this.#behind;
    if (!behind) return this.#fresh;
    const until = this.#clock.now() - this.#lagMs;
    while (behind.position < this.#log.length && this.#log.recordedAt(behind.position) <= until) {
      const event = this.#log.at(behind.position);
      if (!event) break;
      behind.apply(event);
    }
    return behind;
  }

  #apply(events: readonly AnyEvent[]): void {
    for (const event of events) this.#fresh.apply(event);
  }
}
