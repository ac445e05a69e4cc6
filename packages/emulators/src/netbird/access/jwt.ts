import type { Fetch } from '@drawbridge/kit';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Whose tokens people sign in with. */
export interface TokenIssuer {
  /** The `iss` of tokens, byte for byte, where the discovery document is. */
  readonly issuer: string;
  /** One of these has to be in `aud`: the id of NetBird's project or application in Zitadel. */
  readonly audience: string | readonly string[];
  /** Where the keys are. Default: what the discovery document says. */
  readonly jwksUri?: string;
}

/** What a token says about the person. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  /** Everything, for the claim that names groups. */
  readonly all: Readonly<Record<string, unknown>>;
}

const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];

/**
 * Checks access tokens: signature by the issuer's published keys, issuer, audience, times
 * (shared/auth/jwt/validator.go). Tokens that are no JWT cannot be checked, so Zitadel's opaque ones are refused.
 */
export class TokenVerifier {
  readonly #issuer: TokenIssuer;
  readonly #fetch: Fetch;
  readonly #now: () => number;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(issuer: TokenIssuer, fetch: Fetch, now: () => number) {
    this.#issuer = issuer;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** What a token says, or nothing where it does not count, whatever the reason. */
  async verify(token: string): Promise<Claims | undefined> {
    try {
      this.#keys ??= this.#findKeys().catch((error: unknown) => {
        this.#keys = undefined; // looked for anew the next time
        throw error;
      });
      const { payload } = await jwtVerify(token, await this.#keys, {
        issuer: this.#issuer.issuer,
        audience: [this.#issuer.audience].flat(),
        algorithms,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.#now()),
      });
      if (!payload.sub || (payload.iat ?? 0) * 1_000 > this.#now() + 1_000) return undefined;
      return { sub: payload.sub, email: textOf(payload.email), name: textOf(payload.name), all: payload };
    } catch {
      // Upstream tells callers nothing about why either.
      return undefined;
    }
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const { issuer, jwksUri } = this.#issuer;
    const url = jwksUri ?? (await this.#discover(`${issuer}/.well-known/openid-configuration`));
    const fetch = (target: string, init: RequestInit) =>
      this.#fetch(target, { headers: init.headers ?? {}, method: 'GET', redirect: 'manual' });
    return createRemoteJWKSet(new URL(url), { [customFetch]: fetch });
  }

  async #discover(url: string): Promise<string> {
    const document = (await (await this.#fetch(url)).json()) as { readonly jwks_uri?: string };
    if (!document.jwks_uri) throw new TypeError('the discovery document names no keys');
    return document.jwks_uri;
  }
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : '';
}
