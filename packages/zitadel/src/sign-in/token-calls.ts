import { type Clock, DrawbridgeError, isTransient, type Secret } from '@drawbridge/kit';
import type { Provider } from './provider.ts';
import { readTokens, type SignedIn, type TokenAnswer } from './tokens.ts';
import { oauthErrorOf, statusOf, translateSignInError } from './translate.ts';

/** What a refresh brought; who it is for is known already. */
export type Refreshed = Omit<SignedIn, 'subject'>;

/** What is done with somebody's tokens after the sign-in, however that was. */
export interface TokenCalls {
  /**
   * Trades a refresh token for new tokens. Zitadel ends the former access token with it, and the refresh token too.
   *
   * @param subject whose it is; another's answer is refused
   * @throws {DrawbridgeError} `session_ended` when the refresh token was used or has run out, or why nothing came
   */
  refresh(refreshToken: Secret<string>, subject: string): Promise<Refreshed>;
  /** Ends a token at the issuer. An unknown one is ended already. @see RFC 7009 */
  revoke(token: Secret<string>, hint: 'refresh_token' | 'access_token'): Promise<void>;
  /** Who somebody is, as the issuer says now. @throws {DrawbridgeError} `session_ended` for a token that is no longer good */
  userInfo(accessToken: Secret<string>, subject: string): Promise<Readonly<Record<string, unknown>>>;
}

/** The calls as one application of one issuer. */
export function createTokenCalls(
  issuer: string,
  provider: () => Promise<Provider>,
  clock: Clock,
): TokenCalls {
  return {
    async refresh(refreshToken, subject) {
      const { oidc, config } = await provider();
      const asked = clock.now();
      let tokens: ReturnType<typeof readTokens>;
      try {
        const answer: TokenAnswer = await oidc.refreshTokenGrant(config, refreshToken.expose());
        tokens = readTokens(answer, asked);
      } catch (error) {
        throw asEnded(error, `${issuer}/oauth/v2/token`);
      }
      const { subject: whose = subject, ...rest } = tokens;
      if (whose === subject) return rest;
      throw new DrawbridgeError('sign_in_wrong_user', {
        message: 'The refresh brought tokens of another user.',
      });
    },

    async revoke(token, hint) {
      const { oidc, config } = await provider();
      await oidc
        .tokenRevocation(config, token.expose(), { token_type_hint: hint })
        .catch((error: unknown) => {
          throw translateSignInError(error, `${issuer}/oauth/v2/revoke`);
        });
    },

    async userInfo(accessToken, subject) {
      const { oidc, config } = await provider();
      try {
        return await oidc.fetchUserInfo(config, accessToken.expose(), subject);
      } catch (error) {
        const refused = error instanceof oidc.WWWAuthenticateChallengeError || statusOf(error) === 401;
        if (refused) throw new DrawbridgeError('session_ended', { where: `${issuer}/oidc/v1/userinfo` });
        throw translateSignInError(error, `${issuer}/oidc/v1/userinfo`);
      }
    },
  };
}

/**
 * Zitadel answers `invalid_request` (Errors.OIDCSession.RefreshTokenInvalid) to a refresh token that was used or has run out,
 * where OAuth has `invalid_grant`; and other refusals of it, such as a deactivated user, are no more to be repeated.
 */
function asEnded(error: unknown, where: string): DrawbridgeError {
  const answered = oauthErrorOf(error);
  const own = translateSignInError(error, where);
  if (answered === undefined || isTransient(own) || own.code === 'zitadel_failed') return own;
  if (own.code === 'sign_in_not_permitted') return own;
  const dead = answered === 'invalid_grant' || answered === 'invalid_request' || answered === 'access_denied';
  return dead
    ? new DrawbridgeError('session_ended', { where, ...(own.saw === undefined ? {} : { saw: own.saw }) })
    : own;
}
