/** The value below which a share of all values lies; `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
}

/** Does `count` pieces of work, so many at once. @returns milliseconds of all of them together */
export async function together(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - began;
}

/** Waits until `done` holds, looking at it every `everyMs`. @throws after a minute */
export async function until(done: () => Promise<boolean> | boolean, everyMs = 50): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error('what was waited for did not come within a minute');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
