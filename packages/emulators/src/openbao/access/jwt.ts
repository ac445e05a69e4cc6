import type { Fetch } from '@drawbridge/kit';
import { compactVerify, decodeProtectedHeader, importJWK, importSPKI, type JWK, type JWTPayload } from 'jose';
import type { JwtConfigRow, JwtRoleRow } from '../store/index.ts';

/** Why a token is not taken, as a sign-in says it. */
export class JwtRefusal extends Error {
  override readonly name = 'JwtRefusal';
}

/** What is taken where the method names no algorithms (builtin/credential/jwt/path_login.go). */
const algorithms = ['RS', 'ES', 'PS'].flatMap((kind) => [256, 384, 512].map((size) => `${kind}${size}`));
const defaultSkewSeconds = 60;
const defaultLeewaySeconds = 150;

/**
 * Checks the JWTs of one method. Keys are kept until a token names one that is not known or its signature fails, and then fetched
 * anew (builtin/credential/jwt/path_config.go).
 */
export class JwtChecker {
  readonly #config: JwtConfigRow;
  readonly #fetch: Fetch;
  #keys: readonly JWK[] | undefined;

  constructor(config: JwtConfigRow, fetch: Fetch) {
    this.#config = config;
    this.#fetch = fetch;
  }

  /** Fetches the keys. What fails is an error without more, as upstream tells nobody why. */
  async load(): Promise<void> {
    this.#keys = await this.#fetchKeys();
  }

  /** The claims of a token that counts. @throws {JwtRefusal} with what is wrong with it */
  async check(token: string, role: JwtRoleRow, nowMs: number): Promise<JWTPayload> {
    const claims = await this.#verify(token);
    const { bound_issuer } = this.#config;
    if (bound_issuer !== '' && claims.iss !== bound_issuer)
      throw new JwtRefusal('invalid issuer (iss) claim');
    if (role.bound_subject !== '' && claims.sub !== role.bound_subject)
      throw new JwtRefusal('invalid subject (sub) claim');
    checkAudience(claims, role);
    checkTimes(claims, role, Math.floor(nowMs / 1_000));
    return claims;
  }

  async #verify(token: string): Promise<JWTPayload> {
    const failed = (why: string) => new JwtRefusal(`error verifying token signature: ${why}`);
    let header: { readonly alg?: string; readonly kid?: string };
    try {
      header = decodeProtectedHeader(token);
    } catch {
      throw failed('go-jose/go-jose: compact JWS format must have three parts');
    }
    const { jwt_supported_algs: allowed } = this.#config;
    const taken = allowed.length > 0 ? allowed : [...algorithms, 'EdDSA'];
    if (!taken.includes(header.alg ?? '')) throw failed('unsupported signing algorithm');
    if (this.#config.jwt_validation_pubkeys.length > 0) {
      for (const pem of this.#config.jwt_validation_pubkeys) {
        const claims = await verified(token, () => importSPKI(pem, header.alg ?? ''));
        if (claims) return claims;
      }
      throw failed('no known key successfully validated the token signature');
    }
    for (const isFresh of [false, true]) {
      if (isFresh || !this.#keys) {
        this.#keys = await this.#fetchKeys().catch(() => {
          throw failed('failed to verify signature: fetching keys');
        });
      }
      for (const key of this.#keys) {
        if (header.kid !== undefined && key.kid !== header.kid) continue;
        const claims = await verified(token, () => importJWK(key, header.alg));
        if (claims) return claims;
      }
    }
    throw failed('failed to verify id token signature');
  }

  async #fetchKeys(): Promise<readonly JWK[]> {
    const { jwks_url, oidc_discovery_url } = this.#config;
    const url = jwks_url || (await this.#discover(oidc_discovery_url));
    const { keys } = (await (await this.#get(url)).json()) as { readonly keys?: readonly JWK[] };
    if (!Array.isArray(keys)) throw new TypeError('no keys');
    return keys as readonly JWK[];
  }

  /** The document has to name the very URL that it was found under, slash at the end and all. */
  async #discover(issuer: string): Promise<string> {
    const document = (await (
      await this.#get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    ).json()) as { readonly issuer?: string; readonly jwks_uri?: string };
    if (document.issuer !== issuer || !document.jwks_uri) throw new TypeError('another issuer');
    return document.jwks_uri;
  }

  async #get(url: string): Promise<Response> {
    const response = await this.#fetch(url);
    if (response.status !== 200) throw new TypeError(`status ${response.status}`);
    return response;
  }
}

async function verified(
  token: string,
  key: () => Promise<Parameters<typeof compactVerify>[1]>,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await compactVerify(token, await key());
    const claims: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as JWTPayload) : undefined;
  } catch {
    return undefined;
  }
}

function checkAudience(claims: JWTPayload, role: JwtRoleRow): void {
  const audiences = [claims.aud ?? []].flat();
  if (role.bound_audiences.length > 0) {
    if (!role.bound_audiences.some((one) => audiences.includes(one)))
      throw new JwtRefusal(
        'invalid audience (aud) claim: audience claim does not match any expected audience',
      );
  } else if (audiences.length > 0) {
    throw new JwtRefusal('audience claim found in JWT but no audiences bound to the role');
  }
}

/**
 * The only tolerance for what is in a token is the clock skew; the other two leeways stand in for a missing exp or nbf
 * (builtin/credential/jwt/path_login.go).
 */
function checkTimes(claims: JWTPayload, role: JwtRoleRow, now: number): void {
  const seconds = (claim: unknown) => (typeof claim === 'number' ? Math.floor(claim) : 0);
  let [iat, nbf, exp] = [seconds(claims.iat), seconds(claims.nbf), seconds(claims.exp)];
  if (iat === 0 && nbf === 0 && exp === 0)
    throw new JwtRefusal('no issued at (iat), not before (nbf), or expiration time (exp) claims in token');
  const leeway = (set: number, usual: number) => (set === 0 ? usual : Math.max(set, 0));
  if (exp === 0) exp = Math.max(iat, nbf) + leeway(role.expiration_leeway, defaultLeewaySeconds);
  if (nbf === 0) nbf = iat !== 0 ? iat : exp - leeway(role.not_before_leeway, defaultLeewaySeconds);
  const skew = leeway(role.clock_skew_leeway, defaultSkewSeconds);
  if (now > exp + skew) throw new JwtRefusal('invalid expiration time (exp) claim: token is expired');
  if (now + skew < nbf) throw new JwtRefusal('invalid not before (nbf) claim: token not yet valid');
  iat = iat === 0 ? nbf : iat;
  if (now + skew < iat) throw new JwtRefusal('invalid issued at (iat) claim: token issued in the future');
}
