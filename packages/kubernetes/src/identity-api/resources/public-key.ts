import { createPublicKey, type KeyObject } from 'node:crypto';

const longest = 8_192;

/**
 * What is wrong with a public key that somebody gives; nothing where the account can sign in with its private half: RSA of 2,048 bits
 * or more. Zitadel stores keys of other kinds without a word, and then reads none of them back but RSA (internal/crypto/rsa.go,
 * BytesToPublicKey): the account could never sign in.
 *
 * @param pem SubjectPublicKeyInfo, `-----BEGIN PUBLIC KEY-----`
 */
export function publicKeyComplaint(pem: string): string | undefined {
  if (pem.length > longest) return 'is too long for a public key';
  // Node derives the public half of a private key by itself: whoever sends one has to be told.
  if (/PRIVATE KEY/.test(pem)) return 'is a private key, which must be sent to nobody; consider it known';
  const key = parse(pem);
  if (key === undefined) return 'is no public key in PEM (-----BEGIN PUBLIC KEY-----)';
  if (key.asymmetricKeyType !== 'rsa') {
    const kind = key.asymmetricKeyType?.toUpperCase() ?? 'unknown';
    return `is of a kind that Zitadel verifies no signatures of (${kind}): it has to be RSA of 2048 bits or more`;
  }
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  return modulusLength >= 2_048 ? undefined : 'is an RSA key of less than 2048 bits';
}

function parse(pem: string): KeyObject | undefined {
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
