import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { parseServiceAccount, type ServiceAccount } from '../../src/index.ts';

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

let cached: Pair | undefined;

/** One RSA pair a test file: making it takes long. */
export function rsaPair(): Pair {
  cached ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return cached;
}

/** The text of a key file as Zitadel writes it. */
export function keyFile(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'serviceaccount',
    keyId: '310000000000000001',
    key: rsaPair().privateKey.export({ type: 'pkcs1', format: 'pem' }),
    expirationDate: '2030-01-01T00:00:00Z',
    userId: '300000000000000001',
    ...changes,
  });
}

export function serviceAccount(changes: Record<string, unknown> = {}): ServiceAccount {
  return parseServiceAccount(keyFile(changes));
}

export function jwkOf(key: KeyObject, kid: string, alg = 'RS256'): Record<string, unknown> {
  return { ...createPublicKey(key).export({ format: 'jwk' }), kid, alg, use: 'sig' };
}
