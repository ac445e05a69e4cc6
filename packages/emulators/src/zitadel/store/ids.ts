/**
 * Makes ids like Zitadel's (internal/id/sonyflake.go): 18 decimal digits, larger than JavaScript's safe integers, each
 * larger than the one before.
 */
export class IdGenerator {
  readonly #now: () => number;
  #milliseconds = 0;
  #count = 0;

  /** @param after no id is made as if at or before this time, so that ids of a reopened log are not made again */
  constructor(now: () => number, after = 0) {
    this.#now = now;
    this.#milliseconds = after > 0 ? after - epoch : 0;
    this.#count = perMillisecond;
  }

  next(): string {
    const now = this.#now() - epoch;
    if (now > this.#milliseconds) {
      this.#milliseconds = now;
      this.#count = 0;
    } else if (++this.#count >= perMillisecond) {
      this.#milliseconds++;
      this.#count = 0;
    }
    return String(this.#milliseconds).padStart(12, '1').slice(-12) + String(this.#count).padStart(6, '0');
  }
}

// Sonyflake's own start of time.
const epoch = Date.UTC(2014, 8, 1);
const perMillisecond = 1_000_000;
