import { secretMatches } from '../crypto.ts';
import type { Kernel } from '../kernel.ts';
import type { UserRow } from '../projections/index.ts';
import { verifyAssertion } from './assertions.ts';
import { OidcError } from './errors.ts';
import type { Form, PresentedClient } from './form.ts';
import { issueTokens, type TokenAnswer } from './issue.ts';
import { audienceOf, knownScopes, parseScopes } from './scopes.ts';

/**
 * Grant of the JWT profile (RFC 7523, internal/api/oidc/token_jwt_profile.go): no client authentication, a scope is
 * required, never a refresh token.
 *
 * @throws {OidcError} 500 `server_error` for any assertion that does not hold, as 4.13 answers (later versions: 400
 *   `invalid_grant`), `invalid_request` without assertion or scope
 */
export async function jwtProfileGrant(kernel: Kernel, form: Form, issuer: string): Promise<TokenAnswer> {
  const assertion = form.get('assertion');
  if (!assertion) throw new OidcError('invalid_request', 'assertion missing');
  const scope = requiredScope(form);
  const key = await verifyAssertion(kernel, assertion, issuer);
  const user = key && key.applicationId === undefined ? kernel.fresh.users.get(key.subject) : undefined;
  if (!user?.machine) throw new OidcError('server_error', 'Errors.Internal');
  return issueToMachine(kernel, user, scope, issuer, []);
}

/**
 * Grant of client credentials (internal/api/oidc/client_credentials.go): the client id is the machine's login name.
 *
 * @throws {OidcError} `invalid_client` for an unknown user, `invalid_request` for a missing or wrong secret or no scope
 */
export async function clientCredentialsGrant(
  kernel: Kernel,
  form: Form,
  client: PresentedClient,
  issuer: string,
): Promise<TokenAnswer> {
  if (client.secret === undefined) throw new OidcError('invalid_client', 'client_secret missing');
  const scope = requiredScope(form);
  const state = kernel.lagging;
  const user = state.users.get(state.usernames.get(client.clientId.toLowerCase()) ?? '');
  if (!user?.machine) throw new OidcError('invalid_client', 'client not found');
  if (user.machine.secretHash === '') {
    throw new OidcError('invalid_request', 'Errors.User.Machine.Secret.NotExisting');
  }
  if (!secretMatches(client.secret, user.machine.secretHash)) {
    throw new OidcError('invalid_request', 'Errors.User.Machine.Secret.Invalid');
  }
  return issueToMachine(kernel, user, scope, issuer, ['pwd']);
}

function requiredScope(form: Form): readonly string[] {
  // Only an absent scope is refused; an empty one, or one of unknown words, gets a token that is good for nothing.
  const scope = form.get('scope');
  if (scope === null) throw new OidcError('invalid_request', 'The scope of your request is missing.');
  return parseScopes(scope);
}

function issueToMachine(
  kernel: Kernel,
  user: UserRow,
  requested: readonly string[],
  issuer: string,
  amr: readonly string[],
): Promise<TokenAnswer> {
  const fresh = kernel.fresh.users.get(user.id) ?? user;
  const fields = {
    userID: user.id,
    userResourceOwner: user.organizationId,
    clientID: fresh.username,
    audience: audienceOf(requested, kernel.fresh),
    scope: knownScopes(requested, kernel.fresh, fresh),
    amr,
    authTime: kernel.now(),
  };
  const accessTokenType = fresh.machine?.accessTokenType ?? 0;
  return issueTokens(kernel, { issuer, user: fresh, fields, accessTokenType, refreshToken: false });
}
