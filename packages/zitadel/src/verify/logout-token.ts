import { type Clock, type Fetch, systemClock } from '@drawbridge/kit';
import { compactVerify, errors } from 'jose';
import { audienceOf, time } from './claims.ts';
import { readCompact } from './compact.ts';
import { type Algorithm, createKeySet } from './key-set.ts';
import { skewMs } from './local.ts';

/** What a logout token asks for. Times are milliseconds since the epoch. */
export interface LogoutRequest {
  /** Whose sessions end; absent where only the session is named. */
  readonly subject?: string;
  /** `sid` of the session that ends; absent where all of the user's do. */
  readonly session?: string;
  /** The token's own id, for recognising a replay. */
  readonly tokenId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Whose logout tokens are checked, for which applications. */
export interface LogoutVerifierOptions {
  readonly issuer: string;
  readonly fetch: Fetch;
  /** Signature algorithms. Default RS256. */
  readonly algorithms?: readonly Algorithm[];
  readonly clock?: Clock;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Makes the check of back-channel logout tokens. The returned function resolves to nothing for a token that is not
 * accepted; replays are the caller's to recognise, by `tokenId`.
 *
 * @returns a function of the token and the client ids it may be for; it throws `unreachable` when the keys cannot be had
 * @see OpenID Connect Back-Channel Logout 1.0 section 2.6
 */
export function createLogoutVerifier(
  options: LogoutVerifierOptions,
): (token: string, clientIds: readonly string[], signal?: AbortSignal) => Promise<LogoutRequest | undefined> {
  const { issuer, fetch, clock = systemClock } = options;
  const algorithms = new Set<string>(options.algorithms ?? ['RS256']);
  const keys = createKeySet({ url: `${issuer}/oauth/v2/keys`, fetch, clock });
  return async (token, clientIds, signal) => {
    const read = readCompact(token);
    if (read.kind !== 'jwt') return undefined;
    const { alg, kid, typ } = read.header;
    if (typeof alg !== 'string' || !algorithms.has(alg) || typeof kid !== 'string') return undefined;
    if (typ !== undefined && typ !== 'JWT' && typ !== 'logout+jwt') return undefined;
    const claims = read.payload;
    if (claims.iss !== issuer || !audienceOf(claims.aud).some((one) => clientIds.includes(one)))
      return undefined;
    const asked = readRequest(claims, clock.now());
    const key = asked && (await keys.find(kid, alg as Algorithm, signal));
    if (!key) return undefined;
    try {
      await compactVerify(token, key, { algorithms: [alg] });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
    return asked;
  };
}

function readRequest(claims: Readonly<Record<string, unknown>>, now: number): LogoutRequest | undefined {
  const { sub, sid, jti, events, nonce } = claims;
  const subject = text(sub);
  const session = text(sid);
  const tokenId = text(jti);
  const issuedAt = time(claims.iat);
  const expiresAt = time(claims.exp);
  const isLogout = typeof events === 'object' && events !== null && isObject(Reflect.get(events, event));
  // A nonce would make it an id_token, which must never be taken for a logout (section 2.4).
  if (!isLogout || nonce !== undefined || tokenId === undefined) return undefined;
  if ((subject ?? session) === undefined || issuedAt === undefined || expiresAt === undefined)
    return undefined;
  if (expiresAt + skewMs <= now || issuedAt - skewMs > now) return undefined;
  return {
    tokenId,
    issuedAt,
    expiresAt,
    ...(subject === undefined ? {} : { subject }),
    ...(session === undefined ? {} : { session }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
