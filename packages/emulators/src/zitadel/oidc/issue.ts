import { createHash } from 'node:crypto';
import type { Kernel } from '../kernel.ts';
import type { UserRow } from '../projections/index.ts';
import { userState } from '../projections/index.ts';
import { hashOf } from '../signing.ts';
import type { AnyDraft, TokenFields } from '../store/index.ts';
import type { JsonObject } from '../wire/index.ts';
import { accessTokenId } from './access-tokens.ts';
import { assertedRoles, namedClaims, userClaims } from './claims.ts';
import { OidcError } from './errors.ts';
import { extendClaims } from './extend.ts';
import { activeAlgorithm, signJwt } from './web-keys.ts';

/** Facts about who gets the tokens that are not in the event. */
export interface Issuing {
  readonly issuer: string;
  readonly user: UserRow;
  readonly fields: TokenFields;
  /** 0 opaque, 1 JWT. */
  readonly accessTokenType: number;
  readonly refreshToken: boolean;
  /** Project whose roles may be asserted; absent for machines. */
  readonly projectId?: string;
  readonly assertAccessTokenRoles?: boolean;
  readonly assertIdTokenRoles?: boolean;
  readonly idTokenUserinfo?: boolean;
  /** Where the application wants to be told when the session ends; empty for one that does not. */
  readonly backChannelLogoutUri?: string;
}

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly id_token?: string;
  readonly refresh_token?: string;
}

/**
 * Starts a set of tokens (internal/command/oidc_session.go). The user must be active or initial.
 *
 * @throws {OidcError} `invalid_request` Errors.User.NotActive (OIDCS-kj3g2)
 */
export function issueTokens(kernel: Kernel, issuing: Issuing): Promise<TokenAnswer> {
  requireActive(issuing.user);
  const sessionId = `V2_${kernel.newId()}`;
  const accessId = kernel.newId();
  const refreshId = kernel.newId();
  const of = aggregate(sessionId, issuing.user.organizationId);
  const drafts: AnyDraft[] = [
    { ...of, type: 'oidc_session.added', payload: issuing.fields },
    ...logoutDrafts(kernel, issuing, sessionId),
    accessDraft(kernel, of, accessId, issuing.fields.scope),
  ];
  if (issuing.refreshToken) {
    const payload = {
      id: refreshId,
      lifetimeMs: kernel.lifetimes.refresh,
      idleLifetimeMs: kernel.lifetimes.refreshIdle,
    };
    drafts.push({ ...of, type: 'oidc_session.refresh_token.added', payload });
  }
  kernel.push(issuing.user.id, drafts);
  return answer(kernel, issuing, sessionId, accessId, issuing.refreshToken ? refreshId : undefined);
}

/** Issues the next set: the refresh token rotates and the access token before counts no longer. */
export function renewTokens(kernel: Kernel, issuing: Issuing, sessionId: string): Promise<TokenAnswer> {
  requireActive(issuing.user);
  const accessId = kernel.newId();
  const refreshId = kernel.newId();
  const of = aggregate(sessionId, issuing.user.organizationId);
  kernel.push(issuing.user.id, [
    accessDraft(kernel, of, accessId, issuing.fields.scope),
    {
      ...of,
      type: 'oidc_session.refresh_token.renewed',
      payload: { id: refreshId, idleLifetimeMs: kernel.lifetimes.refreshIdle },
    },
  ]);
  return answer(kernel, issuing, sessionId, accessId, refreshId);
}

/** What a refresh token holds. */
export function refreshTokenText(sessionId: string, id: string): string {
  return `${sessionId}-rt_${id}`;
}

function requireActive(user: UserRow): void {
  if (user.state !== userState.active && user.state !== userState.initial) {
    throw new OidcError('invalid_request', 'Errors.User.NotActive');
  }
}

/** Only where there is a login session and an address; a renewal registers nothing (internal/command/oidc_session.go). */
function logoutDrafts(kernel: Kernel, issuing: Issuing, oidcSessionId: string): readonly AnyDraft[] {
  const { fields, backChannelLogoutUri: uri = '' } = issuing;
  if (fields.sessionID === undefined || uri === '') return [];
  return [
    {
      aggregateType: 'session_logout',
      aggregateId: fields.sessionID,
      resourceOwner: kernel.fresh.instance.id,
      type: 'session_logout.back_channel.registered',
      payload: {
        oidc_session_id: oidcSessionId,
        user_id: issuing.user.id,
        client_id: fields.clientID,
        back_channel_logout_uri: uri,
      },
    },
  ];
}

function aggregate(sessionId: string, resourceOwner: string) {
  return { aggregateType: 'oidc_session', aggregateId: sessionId, resourceOwner } as const;
}

function accessDraft(
  kernel: Kernel,
  of: ReturnType<typeof aggregate>,
  id: string,
  scope: readonly string[],
): AnyDraft {
  const payload = { id, lifetimeMs: kernel.lifetimes.accessToken, scope };
  return { ...of, type: 'oidc_session.access_token.added', payload };
}

async function answer(
  kernel: Kernel,
  issuing: Issuing,
  sessionId: string,
  accessId: string,
  refreshId: string | undefined,
): Promise<TokenAnswer> {
  const tokenId = accessTokenId(sessionId, accessId);
  const accessToken =
    issuing.accessTokenType === 1
      ? signJwt(kernel, await accessTokenClaims(kernel, issuing, tokenId))
      : kernel.tokens.seal(tokenId);
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    // Truncated after a moment has passed, so never the whole of it.
    expires_in: Math.max(0, Math.ceil(kernel.lifetimes.accessToken / 1_000) - 1),
    ...(refreshId === undefined
      ? {}
      : { refresh_token: kernel.tokens.seal(refreshTokenText(sessionId, refreshId)) }),
    ...(issuing.fields.scope.includes('openid')
      ? { id_token: signJwt(kernel, await idTokenClaims(kernel, issuing, accessToken)) }
      : {}),
  };
}

/** Claims of a JWT access token. Only these ask the function preaccesstoken (internal/api/oidc/access_token.go). */
async function accessTokenClaims(kernel: Kernel, issuing: Issuing, tokenId: string): Promise<JsonObject> {
  const { fields, user } = issuing;
  const now = Math.floor(kernel.now() / 1_000);
  const claims = {
    ...namedClaims(kernel.fresh, user, fields.scope),
    ...rolesOf(kernel, issuing, issuing.assertAccessTokenRoles ?? false),
  };
  return {
    ...(await extendedClaims(kernel, 'preaccesstoken', issuing, claims)),
    iss: issuing.issuer,
    sub: user.id,
    aud: fields.audience.length > 0 ? fields.audience : [fields.clientID],
    exp: now + Math.floor(kernel.lifetimes.accessToken / 1_000),
    iat: now,
    nbf: now,
    client_id: fields.clientID,
    jti: tokenId,
  };
}

async function idTokenClaims(kernel: Kernel, issuing: Issuing, accessToken: string): Promise<JsonObject> {
  const { fields, user } = issuing;
  const now = Math.floor(kernel.now() / 1_000);
  const isMachine = user.machine !== undefined;
  const hash = createHash(hashOf(activeAlgorithm(kernel)) ?? 'sha512')
    .update(accessToken)
    .digest();
  const half = hash.subarray(0, hash.length / 2);
  const claims = {
    ...(issuing.idTokenUserinfo ? userClaims : namedClaims)(kernel.fresh, user, fields.scope),
    ...rolesOf(kernel, issuing, issuing.assertIdTokenRoles ?? false),
  };
  return {
    ...(await extendedClaims(kernel, 'preuserinfo', issuing, claims)),
    iss: issuing.issuer,
    sub: user.id,
    // An id_token is always for the client too (zitadel/oidc pkg/oidc/token.go, `NewIDTokenClaims`).
    aud: [...new Set([...fields.audience, fields.clientID])],
    // A machine's id_token lives no time at all (issue zitadel#12779, internal/api/oidc/token.go).
    exp: isMachine ? now : now + Math.floor(kernel.lifetimes.idToken / 1_000),
    iat: now,
    auth_time: Math.floor(fields.authTime / 1_000),
    azp: fields.clientID,
    client_id: fields.clientID,
    at_hash: half.toString('base64url'),
    ...(fields.amr.length > 0 ? { amr: fields.amr } : {}),
    ...(fields.nonce === undefined ? {} : { nonce: fields.nonce }),
    ...(fields.sessionID === undefined ? {} : { sid: fields.sessionID }),
  };
}

function rolesOf(kernel: Kernel, issuing: Issuing, always: boolean): JsonObject {
  return assertedRoles(kernel.fresh, {
    user: issuing.user,
    scope: issuing.fields.scope,
    audience: issuing.fields.audience,
    ...(issuing.projectId === undefined ? {} : { projectId: issuing.projectId }),
    always,
  });
}

function extendedClaims(
  kernel: Kernel,
  name: 'preuserinfo' | 'preaccesstoken',
  { user, fields, projectId }: Issuing,
  claims: JsonObject,
): Promise<JsonObject> {
  const { scope, audience, clientID: clientId } = fields;
  return extendClaims(kernel, name, { user, clientId, scope, audience, projectId }, claims);
}
