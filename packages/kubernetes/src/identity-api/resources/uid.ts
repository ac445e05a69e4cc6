import { createHash } from 'node:crypto';

/**
 * A uid for something that Zitadel has: the same each time, on every replica and in every group.
 *
 * @see RFC 9562 section 5.8, UUID version 8
 */
export function stableUid(kind: string, ...ids: readonly string[]): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['drawbridge', kind, ...ids]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6); // version 8: a hash of one's own
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A moment in whole seconds, as Kubernetes writes them; nothing for what is no moment. */
export function timestamp(at: string | undefined): string | undefined {
  const ms = Date.parse(at ?? '');
  return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Whether a name can stand in a path as it is. */
export function isPathSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/%\p{Cc}]/u.test(name);
}
