import type { Kernel } from '../kernel.ts';
import { type OidcSessionRow, type State, userState } from '../projections/index.ts';
import { verifyWebKeyJwt } from './web-keys.ts';

/** A token that counts, and what it stands for. */
export interface ActiveToken {
  readonly tokenId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly audience: readonly string[];
  readonly scope: readonly string[];
  readonly amr: readonly string[];
  /** Milliseconds since the epoch. */
  readonly authTime: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Login session; empty for machines. */
  readonly sessionId: string;
  /** Personal access tokens skip every audience check (internal/api/oidc/access_token.go). */
  readonly isPat: boolean;
}

/**
 * What a presented access token stands for, or nothing where it does not count: unknown, expired, replaced by a refresh,
 * revoked, its user not active, its session ended (internal/query/access_token.go, internal/api/oidc/access_token.go).
 * Opaque and JWT forms, personal access tokens and session tokens are all taken.
 */
export function findActiveToken(kernel: Kernel, token: string): ActiveToken | undefined {
  const id = token.split('.').length === 3 ? jwtTokenId(kernel, token) : kernel.tokens.open(token);
  if (id === undefined) return undefined;
  const found = find(kernel, id);
  if (!found || found.expiresAt <= kernel.now()) return undefined;
  const user = kernel.fresh.users.get(found.userId);
  const mayAct = user?.state === userState.active || user?.state === userState.initial;
  return mayAct ? found : undefined;
}

/** What is sealed into an opaque token, and the `jti` of a JWT. */
export function accessTokenId(oidcSessionId: string, id: string): string {
  return `${oidcSessionId}-at_${id}`;
}

function jwtTokenId(kernel: Kernel, token: string): string | undefined {
  const claims = verifyWebKeyJwt(kernel, token);
  return typeof claims?.jti === 'string' ? claims.jti : undefined;
}

function find(kernel: Kernel, id: string): ActiveToken | undefined {
  if (id.startsWith('pat_')) return findPat(kernel.fresh, id.slice(4));
  if (id.startsWith('sess_')) return findSessionToken(kernel, id);
  const [oidcSessionId = '', tokenId = ''] = id.split('-at_');
  const session = kernel.fresh.oidcSessions.get(oidcSessionId);
  const issued = session?.accessToken;
  if (!session || !issued || issued.id !== tokenId || wasEnded(kernel.fresh, session, issued.position)) {
    return undefined;
  }
  const { fields } = session;
  return {
    tokenId: id,
    userId: fields.userID,
    clientId: fields.clientID,
    audience: fields.audience,
    scope: issued.scope,
    amr: fields.amr,
    authTime: fields.authTime,
    issuedAt: issued.issuedAt,
    expiresAt: issued.expiresAt,
    sessionId: fields.sessionID ?? '',
    isPat: false,
  };
}

/** Whether the user was signed out, or the login session terminated, after the token was issued. */
function wasEnded(state: State, session: OidcSessionRow, position: number): boolean {
  const signedOut = state.signedOutAt.get(session.fields.userID) ?? 0;
  const terminated = state.terminatedSessions.get(session.fields.sessionID ?? '') ?? 0;
  return signedOut > position || terminated > position;
}

function findPat(state: State, id: string): ActiveToken | undefined {
  const pat = state.pats.get(id);
  if (!pat) return undefined;
  return {
    tokenId: id,
    userId: pat.userId,
    clientId: '',
    audience: [],
    scope: pat.scopes,
    amr: [],
    authTime: pat.createdAt,
    issuedAt: pat.createdAt,
    expiresAt: pat.expiresAt,
    sessionId: '',
    isPat: true,
  };
}

/** A session's own token acts for its user on the API (internal/query/session.go, `sess_{id}:{token}`). */
function findSessionToken(kernel: Kernel, id: string): ActiveToken | undefined {
  const [sessionId = '', tokenId = ''] = id.slice(5).split(':');
  const session = kernel.fresh.sessions.get(sessionId);
  if (!session || session.tokenId !== tokenId || session.userId === '') return undefined;
  return {
    tokenId: id,
    userId: session.userId,
    clientId: '',
    audience: [kernel.fresh.instance.projectId],
    scope: [],
    amr: [],
    authTime: session.userCheckedAt,
    issuedAt: session.createdAt,
    expiresAt: session.expiresAt ?? Number.MAX_SAFE_INTEGER,
    sessionId,
    isPat: false,
  };
}
