import { createPublicKey, type KeyObject } from 'node:crypto';

const longest = 8_192;

/**
 * What is wrong with a public key that somebody gives; nothing where Zitadel takes assertions signed with its private half: RSA of
 * 2,048 bits or more (RS256, PS256), or P-256 (ES256).
 *
 * @param pem SubjectPublicKeyInfo, `-----BEGIN PUBLIC KEY-----`
 */
export function publicKeyComplaint(pem: string): string | undefined {
  if (pem.length > longest) return 'is too long for a public key';
  // Node derives the public half of a private key by itself: whoever sends one has to be told.
  if (/PRIVATE KEY/.test(pem)) return 'is a private key, which must be sent to nobody; consider it known';
  const key = parse(pem);
  if (key === undefined) return 'is no public key in PEM (-----BEGIN PUBLIC KEY-----)';
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa')
    return modulusLength >= 2_048 ? undefined : 'is an RSA key of less than 2048 bits';
  if (key.asymmetricKeyType === 'ec')
    return namedCurve === 'prime256v1' ? undefined : 'is an ECDSA key of another curve than P-256';
  return `is of a kind that Zitadel takes no assertions of (${key.asymmetricKeyType ?? 'unknown'}); RSA and ECDSA P-256 are`;
}

function parse(pem: string): KeyObject | undefined {
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
