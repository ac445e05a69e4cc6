import { redirect, sendJson } from '../edges/http.ts';
import { type ActiveToken, findActiveToken } from './access-tokens.ts';
import { assertedRoles, userClaims } from './claims.ts';
import { authenticateClient, authenticateIntrospection, findOidcClient } from './clients.ts';
import { OidcError } from './errors.ts';
import { extendClaims } from './extend.ts';
import { bearerToken, presentedClient } from './form.ts';
import { sendMessagePage } from './login-page.ts';
import type { OidcRequest } from './server.ts';
import { findRefreshToken } from './user-grants.ts';
import { verifyWebKeyJwt } from './web-keys.ts';

/**
 * Introspection (RFC 7662, internal/api/oidc/introspect.go). Everything that is not a failure of the caller itself is
 * 200; a token whose audience holds neither the caller's client id nor its project is simply not active, unless it is a
 * personal access token.
 */
export async function introspect({ kernel, exchange, issuer, form }: OidcRequest): Promise<void> {
  const presented = presentedClient(exchange.request, form);
  const client = await authenticateIntrospection(kernel, presented, issuer);
  if (!client) return sendJson(exchange.response, 200, { active: false });
  const { app, project } = client;
  const token = form.get('token');
  if (!token) throw new OidcError('invalid_request', 'token missing');
  const found = findActiveToken(kernel, token);
  const user = found && kernel.fresh.users.get(found.userId);
  const audience = found?.isPat ? [app.clientId, project.id] : (found?.audience ?? []);
  if (!found || !user || !(audience.includes(app.clientId) || audience.includes(project.id))) {
    return sendJson(exchange.response, 200, { active: false });
  }
  const roles = assertedRoles(kernel.fresh, {
    user,
    scope: found.scope,
    audience,
    projectId: project.id,
    always: project.roleAssertion || found.isPat,
  });
  const claims = await extendClaims(
    kernel,
    'preuserinfo',
    { user, clientId: found.clientId, scope: found.scope, audience, projectId: project.id },
    { ...userClaims(kernel.fresh, user, found.scope), ...roles },
  );
  sendJson(exchange.response, 200, {
    ...claims,
    active: true,
    scope: found.scope.join(' '),
    token_type: 'Bearer',
    exp: seconds(found.expiresAt),
    iat: seconds(found.issuedAt),
    nbf: seconds(found.issuedAt),
    sub: user.id,
    aud: audience,
    // A personal access token says neither who asked for it, nor when and how its user signed in.
    ...(found.isPat ? {} : { client_id: found.clientId, auth_time: seconds(found.authTime) }),
    ...(found.amr.length > 0 ? { amr: found.amr } : {}),
    iss: issuer,
    jti: found.tokenId,
    // Taken from the claim preferred_username, which the scope profile brings.
    ...(found.scope.includes('profile') ? { username: user.username } : {}),
  });
}

/** Userinfo (internal/api/oidc/userinfo.go): no audience is checked. */
export async function userinfo({ kernel, exchange, form }: OidcRequest): Promise<void> {
  const token = bearerToken(exchange.request) ?? form.get('access_token');
  if (!token) throw new OidcError('invalid_request', 'access token missing', 401);
  const found = findActiveToken(kernel, token);
  const user = found && kernel.fresh.users.get(found.userId);
  if (!found || !user) throw new OidcError('access_denied', 'access token invalid', 401);
  const { clientId, scope, audience } = found;
  const projectId = findOidcClient(kernel, clientId)?.project.id;
  const claims = {
    ...userClaims(kernel.fresh, user, scope),
    ...rolesOf(kernel, found, user),
    sub: user.id,
  };
  sendJson(
    exchange.response,
    200,
    await extendClaims(kernel, 'preuserinfo', { user, clientId, scope, audience, projectId }, claims),
  );
}

function rolesOf(
  kernel: OidcRequest['kernel'],
  token: ActiveToken,
  user: Parameters<typeof assertedRoles>[1]['user'],
) {
  const project = findOidcClient(kernel, token.clientId)?.project;
  return assertedRoles(kernel.fresh, {
    user,
    scope: token.scope,
    audience: token.audience,
    ...(project ? { projectId: project.id } : {}),
    always: project?.roleAssertion ?? false,
  });
}

/**
 * Revocation (RFC 7009): unknown tokens are fine, and so are those of other applications of the project, whose audience
 * holds the caller; tokens of other projects are not. Machine users cannot revoke theirs
 * (internal/api/oidc/auth_request.go, `RevokeToken`; zitadel/oidc pkg/op/token_revocation.go).
 */
export async function revoke({ kernel, exchange, issuer, form }: OidcRequest): Promise<void> {
  const client = await authenticateClient(kernel, presentedClient(exchange.request, form), issuer);
  const token = form.get('token') ?? '';
  const refresh = findRefreshToken(kernel, token);
  const access = refresh ? undefined : findActiveToken(kernel, token);
  const sessionId = refresh?.id ?? access?.tokenId.split('-at_')[0] ?? '';
  const session = kernel.fresh.oidcSessions.get(sessionId);
  if (session) {
    const { clientID, audience } = session.fields;
    if (clientID !== client.app.clientId && !audience.includes(client.app.clientId)) {
      throw new OidcError('invalid_client', 'token was not issued for this client', 401);
    }
    const of = {
      aggregateType: 'oidc_session',
      aggregateId: session.id,
      resourceOwner: session.fields.userResourceOwner,
      payload: {},
    } as const;
    kernel.push(session.fields.userID, [
      refresh
        ? { ...of, type: 'oidc_session.refresh_token.revoked' }
        : { ...of, type: 'oidc_session.access_token.revoked' },
    ]);
    await kernel.log.flushed();
  }
  exchange.response.writeHead(200, { 'content-length': 0 });
  exchange.response.end();
}

/** End of session: terminates the login session of the hint and goes where the application may send the browser. */
export async function endSession({ kernel, exchange, issuer, form }: OidcRequest): Promise<void> {
  const hint = verifyWebKeyJwt(kernel, form.get('id_token_hint') ?? '');
  const clientId = typeof hint?.azp === 'string' ? hint.azp : (form.get('client_id') ?? '');
  const sid = typeof hint?.sid === 'string' ? hint.sid : '';
  if (kernel.fresh.sessions.has(sid)) {
    kernel.push(typeof hint?.sub === 'string' ? hint.sub : '', [
      {
        aggregateType: 'session',
        aggregateId: sid,
        resourceOwner: kernel.fresh.instance.id,
        type: 'session.terminated',
        payload: { triggerOrigin: issuer },
      },
    ]);
    await kernel.log.flushed();
  }
  const wanted = form.get('post_logout_redirect_uri');
  const allowed = findOidcClient(kernel, clientId)?.oidc.postLogoutRedirectUris;
  if (wanted === null) return sendMessagePage(exchange, 200, 'Signed out', 'You can close this page.');
  if (!allowed?.includes(wanted)) {
    throw new OidcError('invalid_request', 'post_logout_redirect_uri invalid');
  }
  const target = new URL(wanted);
  const state = form.get('state');
  if (state !== null) target.searchParams.set('state', state);
  redirect(exchange.response, target.href);
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
