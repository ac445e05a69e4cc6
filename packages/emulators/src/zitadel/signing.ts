import { generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/** Algorithms that web keys can have (internal/crypto/web_key.go). */
const algorithms = {
  RS256: { hash: 'sha256' },
  RS384: { hash: 'sha384' },
  RS512: { hash: 'sha512' },
  ES256: { hash: 'sha256', curve: 'P-256' },
  ES384: { hash: 'sha384', curve: 'P-384' },
  ES512: { hash: 'sha512', curve: 'P-521' },
  EdDSA: { hash: undefined },
} as const;

/** Name of a JWS algorithm (RFC 7518, RFC 8037) that web keys can have. */
export type WebKeyAlgorithm = keyof typeof algorithms;

const isAlgorithm = (name: string): name is WebKeyAlgorithm => Object.hasOwn(algorithms, name);

/** A pair for an algorithm. `modulusLength` in bits, for RSA. */
export async function generateWebKeyPair(
  alg: WebKeyAlgorithm,
  modulusLength: number,
): Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> {
  if (alg === 'EdDSA') return promisify(generateKeyPair)('ed25519');
  const wanted = algorithms[alg];
  return 'curve' in wanted
    ? promisify(generateKeyPair)('ec', { namedCurve: wanted.curve })
    : promisify(generateKeyPair)('rsa', { modulusLength });
}

/** Signs as JWS wants it. */
export function signJws(alg: string, data: string, key: KeyObject): Buffer {
  return sign(hashOf(alg), Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' });
}

/** Whether a signature of a JWS is right. */
export function verifyJws(alg: string, data: string, key: KeyObject, signature: Buffer): boolean {
  return verify(hashOf(alg), Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** Hash of an algorithm, which `at_hash` uses too; EdDSA has its own inside. */
export function hashOf(alg: string): string | undefined {
  return isAlgorithm(alg) ? algorithms[alg].hash : undefined;
}
