import { setTimeout as sleep } from 'node:timers/promises';

/** Work that is begun so often, whether or not what was begun has ended. */
export interface Paced {
  readonly perSecond: number;
  readonly work: () => Promise<void>;
}

/** Begins each kind of work at its own rate for some time, and waits for all of it. */
export async function pace(seconds: number, kinds: readonly Paced[]): Promise<void> {
  const all: Promise<void>[] = [];
  const began = performance.now();
  const begun = kinds.map(() => 0);
  for (;;) {
    const elapsed = (performance.now() - began) / 1_000;
    if (elapsed >= seconds) break;
    for (const [at, { perSecond, work }] of kinds.entries())
      for (; (begun[at] ?? 0) < elapsed * perSecond; begun[at] = (begun[at] ?? 0) + 1) all.push(work());
    await sleep(1);
  }
  await Promise.all(all);
}

/** As much as so many callers get done who each wait for their answer. @returns how often it was done */
export async function saturate(seconds: number, callers: number, work: () => Promise<void>): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        await work();
        done += 1;
      }
    }),
  );
  return done;
}

/** The value that so much of all are not above, of 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.POSITIVE_INFINITY;
}
