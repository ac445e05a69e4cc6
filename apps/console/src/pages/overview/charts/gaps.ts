/** A stretch of time without data. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * Where data lack between points in order, each standing for `everyMs` from its time on; in milliseconds. Shorter ones
 * than half of that are no gap.
 */
export function gapsBetween(
  times: readonly number[],
  [begin, end]: readonly [number, number],
  everyMs: number,
): readonly Gap[] {
  const least = everyMs / 2;
  const gaps: Gap[] = [];
  let covered = begin;
  for (const time of [...times, end]) {
    if (time - covered > least) gaps.push({ from: covered, to: time });
    covered = Math.max(covered, time === end ? end : time + everyMs);
  }
  return gaps;
}
