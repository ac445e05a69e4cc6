import type { Kernel } from '../kernel.ts';
import { signJwt } from '../oidc/web-keys.ts';
import type { LogoutRow } from '../projections/index.ts';

/** How long a logout token is good for, in seconds (cmd/defaults.yaml, `OIDC.BackChannelLogout.TokenLifetime`). */
const lifetimeSeconds = 900;
/** Its time of issue lies this far back, in seconds (internal/notification/handlers/back_channel_logout_worker.go). */
const skewSeconds = 1;

/**
 * The logout token of one application's tokens: an ordinary JWT by its header, with session and user both, for the client id
 * alone (internal/notification/handlers/back_channel_logout_worker.go, zitadel/oidc pkg/oidc/token.go).
 */
export function logoutToken(
  kernel: Kernel,
  issuer: string,
  { sessionId, userId, clientId }: LogoutRow,
): string {
  const now = Math.floor(kernel.now() / 1_000);
  return signJwt(kernel, {
    iss: issuer,
    sub: userId,
    aud: [clientId],
    iat: now - skewSeconds,
    exp: now + lifetimeSeconds,
    jti: kernel.newId(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sid: sessionId,
  });
}

/**
 * Issuer of logout tokens: the instance's primary domain, by whatever name the session was ended. The event names the
 * origin, which is not read back (internal/repository/session/session.go, `TerminateEventMapper`; internal/notification/handlers/origin.go).
 */
export function logoutIssuer(kernel: Kernel, port: number): string | undefined {
  const [domain] = [...kernel.fresh.customDomains].find(([, { primary }]) => primary) ?? [];
  if (domain === undefined) return undefined;
  return port === 80 ? `http://${domain}` : `http://${domain}:${port}`;
}
