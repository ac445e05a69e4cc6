import { hash } from 'node:crypto';

/**
 * A uid for something that Zitadel has: the same each time, on every replica and in every group.
 *
 * @see RFC 9562 section 5.8, UUID version 8
 */
export function stableUid(kind: string, ...ids: readonly string[]): string {
  const hex = hash('sha256', JSON.stringify(['drawbridge', kind, ...ids]));
  // Version 8 is a hash of one's own; the variant is two bits.
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** How Zitadel writes moments. */
const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** A moment in whole seconds, as Kubernetes writes them; nothing for what is no moment. */
export function timestamp(at: string | undefined): string | undefined {
  if (at === undefined) return undefined;
  if (written.test(at)) return at.length === 20 ? at : `${at.slice(0, 19)}Z`;
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Whether a name can stand in a path as it is. */
export function isPathSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/%\p{Cc}]/u.test(name);
}
