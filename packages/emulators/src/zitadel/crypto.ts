import {
  createCipheriv,
  createDecipheriv,
  createHash,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  randomInt,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';

/** An RSA pair of 2048 bits, what Zitadel makes for keys of users, applications and the instance (internal/crypto/rsa.go). */
export function generateRsaPair(): Promise<{
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}> {
  return promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
}

/**
 * The public key as Zitadel writes it: the label says PKCS#1, the bytes are PKIX (internal/crypto/rsa.go).
 */
export function publicPem(key: KeyObject): string {
  const pem = key.export({ type: 'spki', format: 'pem' });
  return pem.toString().replaceAll('PUBLIC KEY', 'RSA PUBLIC KEY');
}

/** Reads a public key whatever its label says. */
export function normalizedPublicPem(pem: string): string {
  return pem.replaceAll('RSA PUBLIC KEY', 'PUBLIC KEY');
}

/** Small on purpose: an emulator's passwords guard nothing, and each log-in computes one. */
const cost = { N: 1024, r: 8, p: 1 } as const;

const deriveKey = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** A password's scrypt hash in modular crypt form. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, salt, 32, cost);
  return `$scrypt$ln=10,r=8,p=1$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether a password belongs to a hash of ours. Hashes of other kinds, as an import may bring, match nothing. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, kind, parameters, salt, key] = hash.split('$');
  if (kind !== 'scrypt' || parameters !== 'ln=10,r=8,p=1' || !salt || !key) return false;
  const expected = Buffer.from(key, 'base64url');
  return timingSafeEqual(expected, await deriveKey(password, Buffer.from(salt, 'base64url'), 32, cost));
}

/** Hash of a secret that is long and random already. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Whether a secret belongs to its hash, in constant time. */
export function secretMatches(secret: string, hash: string): boolean {
  const given = Buffer.from(hashSecret(secret));
  const expected = Buffer.from(hash);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** A client secret: 64 characters, as upstream's generator makes (cmd/defaults.yaml, `ClientSecretGenerator`). */
export function newSecret(): string {
  return randomText(64, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
}

/** A code for a mail: 6 upper-case letters and digits (cmd/defaults.yaml, `EmailVerificationCode`). */
export function newCode(): string {
  return randomText(6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
}

function randomText(length: number, alphabet: string): string {
  let text = '';
  for (let at = 0; at < length; at++) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}

/** Seals texts so that only this instance reads them: what opaque tokens are made of. */
export class TokenBox {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  seal(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** The text inside, or nothing where the token is not ours. */
  open(token: string): string | undefined {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length < 29 || bytes.toString('base64url') !== token) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    } catch {
      // Not sealed by this key: that is the answer, and its reason is nobody's business.
      return undefined;
    }
  }
}
