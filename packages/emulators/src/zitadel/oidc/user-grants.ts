import { authMethods, grantTypes } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import type { TokenFields } from '../store/index.ts';
import { type Authentication, authRequestsOf, verifierMatches } from './auth-requests.ts';
import type { OidcClient } from './clients.ts';
import { OidcError } from './errors.ts';
import type { Form } from './form.ts';
import { type Issuing, issueTokens, refreshTokenText, renewTokens, type TokenAnswer } from './issue.ts';
import { audienceOf, parseScopes } from './scopes.ts';

/**
 * Grant of the authorization code (internal/api/oidc/token_code.go).
 *
 * @throws {OidcError} `invalid_request` Errors.AuthRequest.NoCode for an unknown or used code, `invalid_grant` for a client,
 *   redirect address or verifier that does not fit
 */
export async function codeGrant(
  kernel: Kernel,
  form: Form,
  client: OidcClient,
  issuer: string,
): Promise<TokenAnswer> {
  const code = form.get('code');
  if (!code) throw new OidcError('invalid_request', 'code missing');
  if (!client.oidc.grantTypes.includes(grantTypes.code)) {
    throw new OidcError('unauthorized_client', 'grant_type authorization_code not allowed');
  }
  const taken = authRequestsOf(kernel).take(kernel, code);
  if (!taken) throw new OidcError('invalid_request', 'Errors.AuthRequest.NoCode');
  if (taken.request.clientId !== client.app.clientId) throw new OidcError('invalid_grant', 'invalid code');
  const { request, authentication } = taken;
  if (form.get('redirect_uri') !== request.redirectUri) {
    throw new OidcError('invalid_grant', 'redirect_uri does not correspond');
  }
  requireVerifier(form.get('code_verifier'), request.codeChallenge, client);
  const { scope, nonce } = request;
  const refreshToken =
    scope.includes('offline_access') && client.oidc.grantTypes.includes(grantTypes.refresh);
  return issueToUser(kernel, client, issuer, { authentication, scope, nonce, refreshToken });
}

/** What tokens for a person rest on. */
export interface UserSignIn {
  readonly authentication: Authentication;
  readonly scope: readonly string[];
  readonly nonce: string | undefined;
  readonly refreshToken: boolean;
}

/** Issues the tokens of someone who has signed in. */
export function issueToUser(
  kernel: Kernel,
  client: OidcClient,
  issuer: string,
  signIn: UserSignIn,
): Promise<TokenAnswer> {
  const { authentication, scope, nonce, refreshToken } = signIn;
  const user = kernel.fresh.users.get(authentication.userId);
  if (!user) throw new OidcError('invalid_grant', 'the user is gone');
  const fields: TokenFields = {
    userID: user.id,
    userResourceOwner: user.organizationId,
    sessionID: authentication.sessionId,
    clientID: client.app.clientId,
    audience: userAudience(kernel, client, scope),
    scope,
    amr: ['pwd'],
    authTime: authentication.authTime,
    ...(nonce === undefined ? {} : { nonce }),
  };
  return issueTokens(kernel, { ...issuing(client, issuer), user, fields, refreshToken });
}

/**
 * Grant of the refresh token (internal/api/oidc/token_refresh.go): it rotates, and the access token before counts no
 * longer. That the login session was terminated in between does not matter (issue zitadel#12637), nor which application
 * was given the token: 4.13 does not bind it to one.
 *
 * @throws {OidcError} `invalid_request` Errors.OIDCSession.RefreshTokenInvalid for a used or unknown one, `invalid_scope`
 *   for scopes that were not granted
 */
export async function refreshGrant(
  kernel: Kernel,
  form: Form,
  client: OidcClient,
  issuer: string,
): Promise<TokenAnswer> {
  if (!client.oidc.grantTypes.includes(grantTypes.refresh)) {
    throw new OidcError('unauthorized_client', 'grant_type refresh_token not allowed');
  }
  const found = findRefreshToken(kernel, form.get('refresh_token') ?? '');
  const user = found && kernel.fresh.users.get(found.fields.userID);
  if (!found || !user) throw new OidcError('invalid_request', 'Errors.OIDCSession.RefreshTokenInvalid');
  const requested = parseScopes(form.get('scope') ?? undefined);
  if (requested.some((scope) => !found.fields.scope.includes(scope))) {
    throw new OidcError('invalid_scope', 'The requested scope was not granted.');
  }
  const scope = requested.length > 0 ? requested : found.fields.scope;
  const { nonce: _, ...fields } = found.fields;
  return renewTokens(
    kernel,
    { ...issuing(client, issuer), user, fields: { ...fields, scope }, refreshToken: true },
    found.id,
  );
}

/** The session of a refresh token that still works. */
export function findRefreshToken(kernel: Kernel, token: string) {
  const text = kernel.tokens.open(token);
  const [sessionId = '', id = ''] = text?.split('-rt_') ?? [];
  const session = kernel.fresh.oidcSessions.get(sessionId);
  const issued = session?.refreshToken;
  if (!session || !issued || text !== refreshTokenText(session.id, issued.id) || id !== issued.id) {
    return undefined;
  }
  const now = kernel.now();
  return issued.idleUntil > now && issued.until > now ? session : undefined;
}

function requireVerifier(verifier: string | null, challenge: string | undefined, client: OidcClient): void {
  if (challenge === undefined) {
    if (client.oidc.authMethodType === authMethods.none) {
      throw new OidcError('invalid_request', 'PKCE required');
    }
    return;
  }
  if (!verifier || !verifierMatches(verifier, challenge)) {
    throw new OidcError('invalid_grant', 'invalid code_verifier');
  }
}

/** User tokens are for every application of the project, the project itself, and what scopes add. */
function userAudience(kernel: Kernel, client: OidcClient, scope: readonly string[]): readonly string[] {
  const apps = [...kernel.fresh.applications.values()].filter((app) => app.projectId === client.project.id);
  return [
    ...new Set([
      client.app.clientId,
      ...apps.map((app) => app.clientId),
      client.project.id,
      ...audienceOf(scope, kernel.fresh),
    ]),
  ];
}

function issuing(client: OidcClient, issuer: string): Omit<Issuing, 'user' | 'fields' | 'refreshToken'> {
  return {
    issuer,
    accessTokenType: client.oidc.accessTokenType,
    projectId: client.project.id,
    assertAccessTokenRoles: client.oidc.accessTokenRoleAssertion,
    assertIdTokenRoles: client.oidc.idTokenRoleAssertion,
    idTokenUserinfo: client.oidc.idTokenUserinfoAssertion,
    backChannelLogoutUri: client.oidc.backChannelLogoutUri,
  };
}
