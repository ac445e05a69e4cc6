import { createHash, hkdfSync } from 'node:crypto';
import type { Secret } from '@drawbridge/kit';
import type { ServiceAccount } from '@drawbridge/zitadel';

/**
 * The key that signs where lists go on: made of the service account's, so that all replicas have the same without being told one.
 *
 * @see RFC 5869
 */
export function continueKeyOf({ privateKey, keyId }: ServiceAccount): Secret<string> {
  return privateKey.map((key) => {
    const bytes = key.export({ type: 'pkcs8', format: 'der' });
    const salt = createHash('sha256').update(keyId).digest();
    return Buffer.from(hkdfSync('sha256', bytes, salt, 'drawbridge continue', 32)).toString('base64');
  });
}
