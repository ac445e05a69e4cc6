import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const prefix = 'nbp_';
const secretLength = 30;
const checksumLength = 6;

/** Makes a personal access token: prefix, secret, checksum of the secret (management/server/types/personal_access_token.go). */
export function newPat(): string {
  let secret = '';
  for (let at = 0; at < secretLength; at++) secret += alphabet.charAt(randomInt(alphabet.length));
  return prefix + secret + checksumOf(secret);
}

/** Whether a text could be a token at all: length, prefix and checksum (management/server/auth/manager.go). */
export function looksLikePat(token: string): boolean {
  if (token.length !== prefix.length + secretLength + checksumLength || !token.startsWith(prefix))
    return false;
  const secret = token.slice(prefix.length, prefix.length + secretLength);
  return token.endsWith(checksumOf(secret));
}

/** What the server keeps of a token: its SHA-256 in base64. */
export function hashPat(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function checksumOf(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  do {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  } while (rest > 0);
  return text.padStart(checksumLength, '0');
}
