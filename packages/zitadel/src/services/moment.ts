import { DrawbridgeError } from '@drawbridge/kit';

const form = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;
const nanosPerSecond = 1_000_000_000n;

/** PostgreSQL's precision, and so the finest that Zitadel's times have. */
export const microsecond = 1_000n;

/**
 * A time as nanoseconds since the epoch: a `Date` would round what Zitadel's times tell apart.
 *
 * @throws {DrawbridgeError} `invalid_request` for what is no time of RFC 3339
 */
export function toNanos(text: string): bigint {
  const [, seconds = '', fraction = '', zone = ''] = form.exec(text) ?? [];
  const ms = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(ms)) {
    throw new DrawbridgeError('invalid_request', { message: 'This is not a time in RFC 3339.', saw: text });
  }
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Nanoseconds since the epoch as RFC 3339. */
export function fromNanos(nanos: bigint): string {
  const fraction = ((nanos % nanosPerSecond) + nanosPerSecond) % nanosPerSecond;
  const seconds = Number((nanos - fraction) / nanosPerSecond);
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, '0')}Z`;
}
