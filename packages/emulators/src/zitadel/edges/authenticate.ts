import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../access.ts';
import { permissionDenied, unauthenticated } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { findActiveToken } from '../oidc/index.ts';

/**
 * Who calls the API (internal/api/authz/context.go). Every token but a personal access token must have been made for the
 * instance's own project, or it is refused like a bad one.
 *
 * @throws {RpcError} unauthenticated without a header, AUTH-toLo1 for another scheme, AUTH-7fs1e for a token that does
 *   not count here, AUTH-DZG21 for a foreign origin, AUTH-Bs7Ds for an unknown organization in `x-zitadel-orgid`
 */
export function authenticate(kernel: Kernel, headers: IncomingHttpHeaders): Caller {
  const header = headers.authorization;
  if (!header) throw unauthenticated('auth header missing');
  if (!header.startsWith('Bearer ')) throw unauthenticated('invalid auth header', 'AUTH-toLo1');
  const token = findActiveToken(kernel, header.slice(7));
  const user = token && kernel.fresh.users.get(token.userId);
  if (!token || !user || !(token.isPat || token.audience.includes(kernel.fresh.instance.projectId))) {
    throw unauthenticated('Errors.Token.Invalid', 'AUTH-7fs1e');
  }
  requireAllowedOrigin(kernel, token.clientId, headers.origin);
  const context = headers['x-zitadel-orgid'];
  const contextOrganizationId = typeof context === 'string' && context !== '' ? context : user.organizationId;
  if (!kernel.fresh.organizations.has(contextOrganizationId)) {
    throw permissionDenied('AUTH-Bs7Ds', "Organisation doesn't exist");
  }
  return {
    userId: user.id,
    organizationId: user.organizationId,
    contextOrganizationId,
    sessionId: token.sessionId,
    clientId: token.clientId,
  };
}

/** A browser may call with an application's token only from the origins of its redirect addresses. */
function requireAllowedOrigin(kernel: Kernel, clientId: string, origin: string | undefined): void {
  const oidc = origin === undefined ? undefined : kernel.fresh.clients.get(clientId)?.oidc;
  if (!oidc || origin === undefined) return;
  const allowed = [...oidc.redirectUris, ...oidc.additionalOrigins].some(
    (uri) => URL.canParse(uri) && new URL(uri).origin === origin,
  );
  if (!allowed) throw permissionDenied('AUTH-DZG21', 'Errors.OriginNotAllowed');
}
