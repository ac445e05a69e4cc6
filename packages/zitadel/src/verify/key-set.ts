import { type Clock, DrawbridgeError, type Fetch, readJson } from '@drawbridge/kit';
import { type CryptoKey, importJWK, type JWK } from 'jose';

/** Algorithms we can be told to accept. None of them is symmetric. */
export type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'EdDSA';

/** Public keys of one issuer, by key id. */
export interface KeySet {
  /** @throws {DrawbridgeError} when the keys cannot be fetched and the id is not among those known */
  find(kid: string, alg: Algorithm, signal?: AbortSignal): Promise<CryptoKey | Uint8Array | undefined>;
}

/** Where the keys are. */
export interface KeySetOptions {
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** At least this long between two fetches for unknown ids: a made-up id must not become a call. */
const cooldownMs = 30_000;
/** Zitadel says `max-age=300`. */
const maxAgeMs = 300_000;
const mostUnknownIds = 1_000;
const mostKeys = 100;

/**
 * Keeps an issuer's keys. They are fetched when first needed, when they are old, and once for an unknown id; that id is
 * then remembered as unknown for as long as the cooldown. Old keys serve on while a fetch fails.
 *
 * @see RFC 7517
 */
export function createKeySet({ url, fetch, clock }: KeySetOptions): KeySet {
  let keys = new Map<string, JWK>();
  const imported = new Map<string, Promise<CryptoKey | Uint8Array>>();
  const unknown = new Map<string, number>();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const refresh = (): Promise<void> => {
    fetching ??= load().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  const load = async (): Promise<void> => {
    triedAt = clock.now();
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new DrawbridgeError('unreachable', {
        message: 'The issuer does not serve its keys.',
        where: url,
        saw: String(response.status),
      });
    }
    const read = readKeys(await readJson(response), url);
    keys = read;
    imported.clear();
    unknown.clear();
    fetchedAt = clock.now();
  };

  return {
    async find(kid, alg, signal) {
      const now = clock.now();
      const known = keys.get(kid);
      if (known && now - fetchedAt > maxAgeMs && now - triedAt >= cooldownMs) {
        // Not waited for: the known key is still good, and a rotation is noticed by the new id.
        refresh().catch(() => undefined);
      }
      if (!known) {
        if ((unknown.get(kid) ?? Number.NEGATIVE_INFINITY) > now) return undefined;
        if (fetching !== undefined || now - triedAt >= cooldownMs) await refresh();
        else if (fetchedAt < triedAt) {
          throw new DrawbridgeError('unreachable', {
            message: "The issuer's keys could not be fetched.",
            where: url,
          });
        }
      }
      signal?.throwIfAborted();
      const jwk = keys.get(kid);
      if (!jwk) {
        if (unknown.size >= mostUnknownIds) unknown.clear();
        unknown.set(kid, now + cooldownMs);
        return undefined;
      }
      if (!fits(jwk, alg)) return undefined;
      const name = `${alg} ${kid}`;
      let key = imported.get(name);
      if (!key) {
        key = importJWK(jwk, alg);
        imported.set(name, key);
      }
      return await key;
    },
  };
}

function readKeys(value: unknown, where: string): Map<string, JWK> {
  const list = typeof value === 'object' && value !== null ? (value as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(list) || list.length > mostKeys) {
    throw new DrawbridgeError('invalid_response', { message: 'The issuer serves no list of keys.', where });
  }
  const found = new Map<string, JWK>();
  for (const entry of list as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue;
    const jwk = entry as JWK;
    if (typeof jwk.kid === 'string' && typeof jwk.kty === 'string' && jwk.use !== 'enc')
      found.set(jwk.kid, jwk);
  }
  return found;
}

/** Whether a key is of the kind and strength that the algorithm needs (RFC 8725 section 3.1 and 3.5). */
function fits(jwk: JWK, alg: Algorithm): boolean {
  if (jwk.alg !== undefined && jwk.alg !== alg) return false;
  if (alg === 'EdDSA') return jwk.kty === 'OKP' && jwk.crv === 'Ed25519';
  if (alg === 'ES256') return jwk.kty === 'EC' && jwk.crv === 'P-256';
  return jwk.kty === 'RSA' && typeof jwk.n === 'string' && Buffer.from(jwk.n, 'base64url').length >= 256;
}
