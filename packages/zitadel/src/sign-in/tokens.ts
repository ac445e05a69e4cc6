import { DrawbridgeError, Secret } from '@drawbridge/kit';
import type { IDToken, TokenEndpointResponse } from 'openid-client';

/** What a sign-in or a refresh brought. Times are milliseconds since the epoch, by this machine's clock. */
export interface SignedIn {
  /** The user's id, from the verified id_token. */
  readonly subject: string;
  /** How the user is called, for showing. */
  readonly name?: string;
  readonly accessToken: Secret<string>;
  readonly accessExpiresAt: number;
  /** Absent where the application may not refresh. */
  readonly refreshToken?: Secret<string>;
  /** Absent only where a refresh brought none. */
  readonly idToken?: Secret<string>;
  readonly idTokenExpiresAt?: number;
}

/** The library's answer with its helper. */
export type TokenAnswer = TokenEndpointResponse & { claims(): IDToken | undefined };

/**
 * Reads a token answer whose id_token the library has verified.
 *
 * @param asked when it was asked for: counting from the answer would make tokens look younger than they are
 * @throws {DrawbridgeError} `invalid_response` where the answer does not say how long the access token lives
 */
export function readTokens(
  answer: TokenAnswer,
  asked: number,
): Omit<SignedIn, 'subject'> & { subject?: string } {
  const claims = answer.claims();
  const life = answer.expires_in;
  if (typeof life !== 'number' || !Number.isFinite(life) || life <= 0) {
    throw new DrawbridgeError('invalid_response', {
      message: 'The token endpoint did not say how long the token lives.',
    });
  }
  const name = [claims?.preferred_username, claims?.email, claims?.name].find(
    (claim) => typeof claim === 'string' && claim !== '',
  );
  return {
    ...(claims ? { subject: claims.sub, idTokenExpiresAt: claims.exp * 1_000 } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    accessToken: new Secret(answer.access_token),
    accessExpiresAt: asked + life * 1_000,
    ...(answer.refresh_token ? { refreshToken: new Secret(answer.refresh_token) } : {}),
    ...(answer.id_token ? { idToken: new Secret(answer.id_token) } : {}),
  };
}

/** Shows that somebody signed in. @throws {DrawbridgeError} `invalid_response` where there is no id_token */
export function requireSubject(tokens: ReturnType<typeof readTokens>): SignedIn {
  const { subject, ...rest } = tokens;
  if (subject !== undefined && subject !== '') return { ...rest, subject };
  throw new DrawbridgeError('invalid_response', {
    message: 'The answer holds no id_token, so that it does not say who signed in.',
    fix: 'The scope has to hold openid.',
  });
}
