import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuv';

/** Ids of groups, devices and tokens: 20 characters of base 32, sortable by the second (github.com/rs/xid). */
export function newXid(nowMs: number): string {
  const bytes = Buffer.concat([Buffer.alloc(4), randomBytes(8)]);
  bytes.writeUInt32BE(Math.floor(nowMs / 1_000) % 2 ** 32);
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  bits <<= 4n; // 96 bits in 20 characters of 5
  let id = '';
  for (let at = 0; at < 20; at++) {
    id = alphabet.charAt(Number(bits & 31n)) + id;
    bits >>= 5n;
  }
  return id;
}
