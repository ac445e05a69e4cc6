import { type Exchange, readBody, sendJson } from '../edges/http.ts';
import type { Kernel } from '../kernel.ts';
import { authorize } from './authorize.ts';
import { authenticateClient } from './clients.ts';
import {
  deviceAuthorization,
  deviceGrant,
  deviceLogin,
  deviceLoginPath,
  devicePath,
  deviceRedirect,
} from './device.ts';
import { discoveryDocument, grants, oidcPaths } from './discovery.ts';
import { OidcError } from './errors.ts';
import { type Form, parseForm, presentedClient } from './form.ts';
import type { TokenAnswer } from './issue.ts';
import { login } from './login.ts';
import { loginPath } from './login-page.ts';
import { clientCredentialsGrant, jwtProfileGrant } from './machine-grants.ts';
import { endSession, introspect, revoke, userinfo } from './token-endpoints.ts';
import { codeGrant, refreshGrant } from './user-grants.ts';
import { jwks } from './web-keys.ts';

/** What an endpoint works on. */
export interface OidcRequest {
  readonly kernel: Kernel;
  readonly exchange: Exchange;
  readonly issuer: string;
  readonly form: Form;
}

type Endpoint = (request: OidcRequest) => void | Promise<void>;

const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  [
    oidcPaths.discovery,
    ({ exchange, issuer }) => sendJson(exchange.response, 200, discoveryDocument(issuer)),
  ],
  [
    oidcPaths.keys,
    ({ exchange, kernel }) =>
      sendJson(exchange.response, 200, jwks(kernel), { 'cache-control': 'max-age=300, must-revalidate' }),
  ],
  [oidcPaths.token, token],
  [oidcPaths.authorize, authorize],
  [loginPath, login],
  [oidcPaths.introspect, introspect],
  [oidcPaths.userinfo, userinfo],
  [oidcPaths.revoke, revoke],
  [oidcPaths.endSession, endSession],
  [oidcPaths.deviceAuthorization, deviceAuthorization],
  [devicePath, deviceRedirect],
  [deviceLoginPath, deviceLogin],
]);

/** Whether a path is one of the OIDC endpoints. */
export function isOidcPath(path: string): boolean {
  return endpoints.has(path);
}

/** Serves an OIDC endpoint. Handlers are not bound to a method; query and form are one (internal/api/oidc/server.go). */
export async function serveOidc(kernel: Kernel, exchange: Exchange, issuer: string): Promise<void> {
  const { request, response, url } = exchange;
  const endpoint = endpoints.get(url.pathname);
  try {
    const body = exchange.method === 'POST' ? await readBody(request) : '';
    const form = parseForm(url.searchParams, body, request.headers['content-type']);
    await endpoint?.({ kernel, exchange, issuer, form });
  } catch (error) {
    const known = error instanceof OidcError ? error : new OidcError('server_error', 'Errors.Internal');
    const description = known.message === '' ? {} : { error_description: known.message };
    sendJson(response, known.status, { error: known.error, ...description }, noStore);
  }
}

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

async function token(oidc: OidcRequest): Promise<void> {
  const { kernel, exchange } = oidc;
  const answer = await grant(oidc);
  await kernel.log.flushed();
  sendJson(exchange.response, 200, answer, noStore);
}

async function grant({ kernel, exchange, issuer, form }: OidcRequest): Promise<TokenAnswer> {
  const type = form.get('grant_type');
  const client = () => authenticateClient(kernel, presentedClient(exchange.request, form), issuer);
  switch (type) {
    case grants.code:
      return codeGrant(kernel, form, await client(), issuer);
    case grants.device:
      return deviceGrant(kernel, form, await client(), issuer);
    case grants.refresh:
      return refreshGrant(kernel, form, await client(), issuer);
    case grants.jwtProfile:
      return jwtProfileGrant(kernel, form, issuer);
    case grants.clientCredentials:
      return clientCredentialsGrant(kernel, form, presentedClient(exchange.request, form), issuer);
    case null:
    case '':
      throw new OidcError('invalid_request', 'grant_type missing');
    default:
      throw new OidcError('unsupported_grant_type', `${type} not supported`);
  }
}
