import type { Clock } from '@drawbridge/kit';
import { compactVerify, errors } from 'jose';
import { audienceOf, readClaims, time } from './claims.ts';
import type { CompactJwt } from './compact.ts';
import type { Algorithm, KeySet } from './key-set.ts';
import type { InactiveReason, TokenClaims } from './verification.ts';

/** Clocks may differ this much. The one such number of the package (RFC 7519 allows "a few minutes"). */
export const skewMs = 60_000;

/** What a JWT has to be. */
export interface LocalOptions {
  readonly issuer: string;
  readonly audiences: ReadonlySet<string>;
  readonly algorithms: ReadonlySet<string>;
  readonly keys: KeySet;
  readonly clock: Clock;
}

/** What a JWT proves by itself: enough to refuse, not enough to accept. */
export type LocalCheck = { readonly claims: TokenClaims } | { readonly reason: InactiveReason };

/**
 * Checks a JWT access token without asking Zitadel about it. Cheap tests come before the signature, so that garbage costs
 * little. Of the header only `alg`, `kid` and `typ` are looked at: `jku`, `x5u` and `jwk` never choose a key.
 *
 * @throws {DrawbridgeError} when the issuer's keys cannot be fetched
 * @see RFC 8725, RFC 9068
 */
export async function checkLocally(
  token: string,
  { header, payload }: CompactJwt,
  options: LocalOptions,
  signal?: AbortSignal,
): Promise<LocalCheck> {
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || !options.algorithms.has(alg)) return { reason: 'algorithm' };
  if (typ !== undefined && typ !== 'JWT' && typ !== 'at+jwt') return { reason: 'not_an_access_token' };
  const early = checkClaims(payload, options);
  if (early) return { reason: early };
  if (typeof kid !== 'string' || kid === '' || kid.length > 200) return { reason: 'unknown_key' };
  const key = await options.keys.find(kid, alg as Algorithm, signal);
  if (!key) return { reason: 'unknown_key' };
  try {
    await compactVerify(token, key, { algorithms: [alg] });
  } catch (error) {
    if (error instanceof errors.JOSEError) return { reason: 'signature' };
    throw error;
  }
  const claims = readClaims(payload, options.issuer);
  return claims ? { claims } : { reason: 'malformed' };
}

function checkClaims(payload: CompactJwt['payload'], options: LocalOptions): InactiveReason | undefined {
  const now = options.clock.now();
  // As strings, byte for byte: a normalised issuer could be another one.
  if (payload.iss !== options.issuer) return 'issuer';
  if (!isAccessToken(payload)) return 'not_an_access_token';
  if (!audienceOf(payload.aud).some((audience) => options.audiences.has(audience))) return 'audience';
  const expires = time(payload.exp);
  if (expires === undefined) return 'malformed';
  if (expires + skewMs <= now) return 'expired';
  for (const claim of ['nbf', 'iat'] as const) {
    const since = time(payload[claim]);
    if (since === undefined ? payload[claim] !== undefined : since - skewMs > now) return 'not_yet_valid';
  }
  return undefined;
}

/** Zitadel's access token and id_token have the same header; these claims tell them apart. */
function isAccessToken(payload: CompactJwt['payload']): boolean {
  const has = (claim: string) => payload[claim] !== undefined;
  return has('jti') && has('nbf') && !has('azp') && !has('at_hash') && !has('nonce');
}
