/** A time for a person: `5:00` from a minute on, else `45 s`. */
export function secondsText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
