const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const whole = new Intl.NumberFormat('en');
// Made once: a new one takes a third of a millisecond, and a page shows hundreds of times.
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const monthAndDay = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric' });

/** "14 min. ago", "in 3 days", "now". */
export function formatRelative(at: number, now: number): string {
  const difference = at - now;
  for (const [unit, ms] of units) {
    if (Math.abs(difference) >= ms) return relative.format(Math.round(difference / ms), unit);
  }
  return difference > 5_000 ? `in ${Math.round(difference / 1_000)} s` : 'just now';
}

/** "10:02" today, "Nov 20, 10:02" otherwise. */
export function formatClock(at: number, now: number = Date.now()): string {
  const date = new Date(at);
  const time = clock.format(date);
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${monthAndDay.format(date)}, ${time}`;
}

/** "310 ms", "1.4 s", "2:04" as the terminal writes it. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function formatCount(value: number): string {
  return whole.format(value);
}

/** "1 user", "12 users". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "Ada Okafor", or the mail where no name is known. */
export function fullName(person: {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
}): string {
  return `${person.givenName} ${person.familyName}`.trim() || person.email;
}

/** The same words, beginning with a capital letter; names of products as they write themselves. */
export function capital(words: string): string {
  if (/^netbird/i.test(words)) return words.replace(/^netbird/i, 'NetBird');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
