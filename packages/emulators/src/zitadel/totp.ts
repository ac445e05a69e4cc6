import { createHmac, timingSafeEqual } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;

/** Bytes of a base32 text (RFC 4648 section 6), or nothing where it is none. */
export function decodeBase32(text: string): Buffer | undefined {
  const letters = text.toUpperCase().replace(/[\s=]/g, '');
  const digits = Array.from(letters, (letter) => alphabet.indexOf(letter));
  if (digits.length === 0 || digits.includes(-1)) return undefined;
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** The code of a secret at a time in milliseconds (RFC 6238: SHA-1, six digits, steps of 30 s). */
export function totpCode(secret: Buffer, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / stepMs)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Whether a code belongs to a secret now, or one step earlier or later. */
export function totpMatches(secret: Buffer, code: string, at: number): boolean {
  const given = Buffer.from(code);
  return [-stepMs, 0, stepMs].some((shift) => {
    const expected = Buffer.from(totpCode(secret, at + shift));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}
