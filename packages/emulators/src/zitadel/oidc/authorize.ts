import { redirect } from '../edges/http.ts';
import { grantTypes } from '../handlers/index.ts';
import type { OidcConfig } from '../store/index.ts';
import { authRequestsOf } from './auth-requests.ts';
import { findOidcClient } from './clients.ts';
import { OidcError, type OidcErrorCode } from './errors.ts';
import type { Form } from './form.ts';
import { loginCookie, loginPath } from './login-page.ts';
import { knownScopes, parseScopes } from './scopes.ts';
import type { OidcRequest } from './server.ts';

/**
 * The authorization endpoint (internal/api/oidc/auth_request.go). A wrong client or redirect address is told to the
 * browser; everything else goes back to the application. Only the code flow is emulated.
 */
export function authorize({ kernel, exchange, form }: OidcRequest): void {
  const client = findOidcClient(kernel, form.get('client_id') ?? '');
  if (!client) throw new OidcError('invalid_request', 'Errors.App.NotFound', 400);
  const redirectUri = form.get('redirect_uri') ?? '';
  if (!isAllowedRedirect(client.oidc, redirectUri)) {
    throw new OidcError(
      'invalid_request',
      'The requested redirect_uri is missing in the client configuration.',
    );
  }
  const state = form.get('state') ?? undefined;
  const problem = problemOf(form, client.oidc);
  if (problem) {
    const target = new URL(redirectUri);
    target.searchParams.set('error', problem[0]);
    target.searchParams.set('error_description', problem[1]);
    if (state !== undefined) target.searchParams.set('state', state);
    redirect(exchange.response, target.href);
    return;
  }
  const request = authRequestsOf(kernel).begin(kernel, {
    clientId: client.app.clientId,
    redirectUri,
    scope: knownScopes(scopesOf(form), kernel.fresh),
    state,
    nonce: form.get('nonce') ?? undefined,
    codeChallenge: form.get('code_challenge') ?? undefined,
    loginHint: form.get('login_hint') ?? undefined,
  });
  const query = new URLSearchParams({ authRequestID: request.id });
  redirect(exchange.response, `${loginPath}?${query.toString()}`, {
    'set-cookie': `${loginCookie}=${request.browser}; Path=${loginPath}; HttpOnly; SameSite=Lax`,
    'cache-control': 'no-store',
  });
}

/** What is wrong with a request whose client and redirect address are right. */
function problemOf(form: Form, oidc: OidcConfig): readonly [OidcErrorCode, string] | undefined {
  if (form.get('response_type') !== 'code') {
    return ['invalid_request', 'The requested response type is missing in the client configuration.'];
  }
  if (!oidc.grantTypes.includes(grantTypes.code)) {
    return ['unauthorized_client', 'The requested response type is not supported by the client.'];
  }
  if (!scopesOf(form).includes('openid')) {
    return ['invalid_scope', 'The scope openid is missing in your request.'];
  }
  if (form.has('code_challenge') && form.get('code_challenge_method') !== 'S256') {
    return ['invalid_request', 'code_challenge_method must be S256'];
  }
  return form.get('prompt') === 'none' ? ['login_required', 'The user must sign in.'] : undefined;
}

function scopesOf(form: Form): readonly string[] {
  return parseScopes(form.get('scope') ?? undefined);
}

/**
 * Redirect addresses match as texts. A native application's loopback address may have any port
 * (RFC 8252 section 7.3, zitadel/oidc pkg/op/auth_request.go).
 */
function isAllowedRedirect(oidc: OidcConfig, uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  if (oidc.redirectUris.includes(uri)) return true;
  return oidc.applicationType === 2 && oidc.redirectUris.some((known) => sameLoopback(known, uri));
}

function sameLoopback(known: string, given: string): boolean {
  if (!URL.canParse(known)) return false;
  const [a, b] = [new URL(known), new URL(given)];
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(a.hostname);
  const same = (url: URL) => `${url.protocol}//${url.hostname}${url.pathname}${url.search}`;
  return loopback && a.protocol === 'http:' && same(a) === same(b);
}
