import { decodeJwt, decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { normalizedPublicPem } from '../crypto.ts';
import type { Kernel } from '../kernel.ts';
import type { KeyRow } from '../projections/index.ts';

const maxAgeMs = 3_600_000;
const slackMs = 1_000;

/**
 * The key that signed a valid assertion, else nothing (zitadel/oidc pkg/op/verifier_jwt_profile.go). Checked: issuer and
 * subject are the key's owner, the audience holds the issuer byte for byte, `exp` lies ahead, `iat` is at most an hour
 * old and at most a second ahead. There is no limit on `exp` − `iat`, and `jti` is ignored: assertions can be replayed.
 *
 * Keys are looked up in the lagging projection (internal/query/authn_key.go), so a brand-new one may not be known yet.
 */
export async function verifyAssertion(
  kernel: Kernel,
  assertion: string,
  issuer: string,
): Promise<KeyRow | undefined> {
  try {
    const { kid } = decodeProtectedHeader(assertion);
    const row = kid === undefined ? undefined : kernel.lagging.keys.get(kid);
    if (!row || row.expiresAt <= kernel.now()) return undefined;
    const { payload } = await jwtVerify(assertion, await publicKeyOf(row), {
      algorithms: ['RS256', 'ES256', 'PS256'],
      issuer: row.subject,
      subject: row.subject,
      audience: issuer,
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(kernel.now() + slackMs),
    });
    const issuedAt = (payload.iat ?? 0) * 1_000;
    const now = kernel.now();
    return issuedAt <= now + slackMs && issuedAt >= now - maxAgeMs ? row : undefined;
  } catch {
    // Whatever is wrong with it, callers hear the same.
    return undefined;
  }
}

/** Whether a text has the form of a JWT, whatever is in it. */
export function isJwt(text: string): boolean {
  try {
    decodeJwt(text);
    return true;
  } catch {
    // Not one, then.
    return false;
  }
}

type ImportedKey = Awaited<ReturnType<typeof importSPKI>>;

const imported = new WeakMap<KeyRow, Promise<ImportedKey>>();

function publicKeyOf(row: KeyRow): Promise<ImportedKey> {
  let key = imported.get(row);
  if (!key) {
    key = importSPKI(normalizedPublicPem(row.publicKey), 'RS256');
    imported.set(row, key);
  }
  return key;
}
