import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** What {@link newId} reads; tests give their own. */
export interface IdSource {
  readonly now?: () => number;
  readonly bytes?: (count: number) => Uint8Array;
}

/**
 * A new id: 10 characters of time and 16 of chance in Crockford's base 32, so that ids sort by when they were made and
 * can be read aloud. Always text.
 *
 * @example
 * ```ts
 * import { newId } from '@drawbridge/kit';
 *
 * console.log(newId().length); // 26
 * ```
 */
export function newId(source: IdSource = {}): string {
  let time = source.now?.() ?? Date.now();
  let stamp = '';
  for (let digit = 0; digit < 10; digit++) {
    stamp = alphabet.charAt(time % 32) + stamp;
    time = Math.floor(time / 32);
  }
  let chance = '';
  for (const byte of source.bytes?.(16) ?? randomBytes(16)) chance += alphabet.charAt(byte % 32);
  return stamp + chance;
}
