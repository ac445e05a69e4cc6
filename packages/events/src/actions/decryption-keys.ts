import { createPrivateKey, type KeyObject } from 'node:crypto';
import { DrawbridgeError, type Secret } from '@drawbridge/kit';

/** Private keys by the id that Zitadel gave their public half. Values in PEM. */
export type DecryptionKeys = Readonly<Record<string, Secret>>;

const leastRsaBits = 2_048;

/**
 * Reads private keys: RSA of at least 2,048 bits, or EC on a NIST curve.
 *
 * @throws {DrawbridgeError} `invalid_settings`, without the key
 */
export function readDecryptionKeys(keys: DecryptionKeys): ReadonlyMap<string, KeyObject> {
  return new Map(Object.entries(keys).map(([kid, pem]) => [kid, readKey(kid, pem)]));
}

function readKey(kid: string, pem: Secret): KeyObject {
  const refuse = (why: string) =>
    new DrawbridgeError('invalid_settings', { message: `The private key ${kid} ${why}.` });
  let key: KeyObject;
  try {
    key = createPrivateKey(pem.expose());
  } catch {
    // No cause: OpenSSL's error may quote what it was given.
    throw refuse('is not a private key in PEM');
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && (details?.modulusLength ?? 0) < leastRsaBits)
    throw refuse('is an RSA key of fewer than 2048 bits');
  if (type !== 'rsa' && type !== 'ec') throw refuse('is neither RSA nor EC');
  return key;
}
