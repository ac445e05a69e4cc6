/** Differences below this are ordinary: the Date header has whole seconds and the answer took its time. */
const worthTelling = 5_000;

/**
 * Compares this machine's clock with the Date header of an answer.
 *
 * @param nowMs this machine's time in milliseconds
 * @returns a sentence for a person, or undefined where the clocks agree or there is no such header
 */
export function describeClockSkew(headers: Headers, nowMs: number): string | undefined {
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return undefined;
  const differenceMs = theirs - nowMs;
  if (Math.abs(differenceMs) < worthTelling) return undefined;
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  return `This machine is ${seconds} s ${differenceMs > 0 ? 'behind' : 'ahead of'} Zitadel.`;
}
