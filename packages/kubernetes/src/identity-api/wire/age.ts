/**
 * A length of time as kubectl shows ages: the larger its unit, the less of the smaller one.
 *
 * @param ms less than nothing counts as nothing
 */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const years = Math.floor(days / 365);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (years < 2) return `${days}d`;
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** How long ago a moment was; `<unknown>` without one. */
export function ageOf(at: string | undefined, now: number): string {
  const then = Date.parse(at ?? '');
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now - then);
}

/** How long it is until a moment. */
export function leftUntil(at: string | undefined, now: number): string {
  const then = Date.parse(at ?? '');
  if (Number.isNaN(then)) return '<never>';
  return then <= now ? 'expired' : `in ${humanDuration(then - now)}`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
