import { deviceLifetimeMs, devicePollSeconds } from '../device-requests.ts';
import { redirect, sendJson } from '../edges/http.ts';
import { grantTypes } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { authenticateClient, findOidcClient, type OidcClient } from './clients.ts';
import { OidcError } from './errors.ts';
import { type Form, presentedClient } from './form.ts';
import type { TokenAnswer } from './issue.ts';
import { refusalOf, signInWithPassword, startSession } from './login.ts';
import { sendDevicePage, sendMessagePage } from './login-page.ts';
import { knownScopes, parseScopes } from './scopes.ts';
import type { OidcRequest } from './server.ts';
import { issueToUser } from './user-grants.ts';

/** Where a person is sent, and where that leads: the login of version 1 (issue zitadel#11399). */
export const devicePath = '/device';
export const deviceLoginPath = '/ui/login/device';

/** Device authorization (RFC 8628 section 3.1). Whether the application has the grant is asked at the token endpoint. */
export async function deviceAuthorization({ kernel, exchange, issuer, form }: OidcRequest): Promise<void> {
  const client = await authenticateClient(kernel, presentedClient(exchange.request, form), issuer);
  const scope = parseScopes(form.get('scope') ?? undefined);
  const request = kernel.devices.begin(kernel.newId(), client.app.clientId, scope, kernel.now());
  const verificationUri = issuer + devicePath;
  sendJson(
    exchange.response,
    200,
    {
      device_code: request.deviceCode,
      user_code: request.userCode,
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${request.userCode}`,
      expires_in: deviceLifetimeMs / 1_000,
      interval: devicePollSeconds,
    },
    { 'cache-control': 'no-store' },
  );
}

export function deviceRedirect({ exchange }: OidcRequest): void {
  redirect(exchange.response, deviceLoginPath + exchange.url.search);
}

/** The page where a person types the code, signs in, and lets the device in or not. */
export async function deviceLogin({ kernel, exchange, form }: OidcRequest): Promise<void> {
  const userCode = (form.get('user_code') ?? '').trim().toUpperCase();
  const loginName = form.get('loginName') ?? '';
  const request = kernel.devices.pending(userCode, kernel.now());
  const client = request && findOidcClient(kernel, request.clientId);
  const page = { userCode, loginName, applicationName: client?.app.name ?? '' };
  if (exchange.method !== 'POST') return sendDevicePage(exchange, 200, page);
  if (!request || !client) {
    return sendDevicePage(exchange, 400, { ...page, problem: 'This code is not known or has ended.' });
  }
  const user = await signInWithPassword(kernel, request.scope, loginName, form.get('password') ?? '');
  const problem = user ? refusalOf(kernel, client, user) : 'Login name or password is wrong.';
  if (!user || problem) return sendDevicePage(exchange, 400, { ...page, problem: problem ?? '' });
  if (form.get('decision') === 'deny') {
    request.decision = { kind: 'denied' };
    return sendMessagePage(exchange, 200, 'Denied', 'The device was not let in. You can close this page.');
  }
  const session = startSession(kernel, exchange.request.headers['user-agent'], user);
  await kernel.log.flushed();
  request.decision = { kind: 'approved', ...session };
  sendMessagePage(exchange, 200, 'Done', 'The device is signed in. You can close this page.');
}

/**
 * Grant of the device code (RFC 8628 section 3.4, internal/api/oidc/token_device.go). `slow_down` never comes.
 *
 * @throws {OidcError} `authorization_pending`, `access_denied`, `expired_token`, `invalid_grant`, all with HTTP 400
 */
export async function deviceGrant(
  kernel: Kernel,
  form: Form,
  client: OidcClient,
  issuer: string,
): Promise<TokenAnswer> {
  if (!client.oidc.grantTypes.includes(grantTypes.device)) {
    throw new OidcError('unauthorized_client', 'grant_type device_code not allowed');
  }
  const request = kernel.devices.find(form.get('device_code') ?? '');
  if (!request || request.clientId !== client.app.clientId) throw new OidcError('invalid_grant', '');
  const { decision } = request;
  if (decision?.kind === 'denied') throw new OidcError('access_denied', 'The authorization was denied.');
  if (request.expiresAt <= kernel.now()) throw new OidcError('expired_token', 'The device_code has expired.');
  if (!decision) throw new OidcError('authorization_pending', 'The user has not decided yet.');
  kernel.devices.redeem(request);
  const scope = knownScopes(request.scope, kernel.fresh);
  return issueToUser(kernel, client, issuer, {
    authentication: decision,
    scope,
    nonce: undefined,
    // The scope suffices to be given one; using it takes the grant.
    refreshToken: scope.includes('offline_access'),
  });
}
