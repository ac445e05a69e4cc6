import { DrawbridgeError, type Logger } from '@drawbridge/kit';
import type { FastifyInstance } from 'fastify';
import type { WebApplications } from './applications.ts';
import { type Cookies, readCookie } from './cookies.ts';
import { requireOwnPage } from './csrf.ts';
import type { SessionRow, SessionStore } from './session-store.ts';

export interface SignOutRoutesOptions {
  readonly applications: WebApplications;
  readonly sessions: SessionStore;
  readonly cookies: () => Cookies;
  readonly origin: () => string;
  readonly now: () => number;
  readonly logger: Logger;
}

/** What came of signing out. Here it is over in any case. */
interface SignedOut {
  /** Where to go now. */
  readonly location: string;
  /** False where Zitadel could not be told: there the session lasts until its time is over (S33). */
  readonly complete: boolean;
}

/**
 * `POST /auth/sign-out`, by a page of the console, and `POST /auth/back-channel-logout`, by Zitadel.
 *
 * @see OpenID Connect Back-Channel Logout 1.0, RFC 7009
 */
export function signOutRoutes(app: FastifyInstance, options: SignOutRoutesOptions): void {
  const { applications, sessions, cookies, origin, now, logger } = options;

  app.post('/auth/sign-out', async (request, reply): Promise<SignedOut> => {
    const names = cookies();
    const cookie = readCookie(request.headers.cookie, names.session);
    const row = cookie === undefined ? undefined : await sessions.find(cookie);
    let complete = true;
    if (row) {
      requireOwnPage(request, row.csrf_hash, origin());
      await sessions.end(row.id_hash);
      complete = await endAtZitadel(row, options);
    }
    void reply.header('set-cookie', names.set(names.session, '', 0)).header('cache-control', 'no-store');
    return { location: complete ? '/auth/signed-out' : '/auth/signed-out?incomplete', complete };
  });

  const used = new Map<string, number>();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.post('/auth/back-channel-logout', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const token = request.body instanceof URLSearchParams ? request.body.get('logout_token') : null;
    const found =
      token === null ? undefined : await applications.logoutRequest(token, AbortSignal.timeout(10_000));
    if (!found || used.has(found.asked.tokenId)) {
      throw new DrawbridgeError('invalid_request', { message: 'The logout token is not accepted.' });
    }
    remember(used, found.asked.tokenId, found.asked.expiresAt, now());
    const ended = await sessions.endNamed(found.integration.id, found.asked);
    const { subject } = found.asked;
    logger.info(
      { component: 'web', count: ended, ...(subject === undefined ? {} : { user: subject }) },
      'Zitadel ended sessions',
    );
    return reply.status(200).send();
  });
}

/** Most tokens remembered. One that fell out does no harm: it ends only sessions that are older than itself. */
const mostUsed = 10_000;

function remember(used: Map<string, number>, id: string, expiresAt: number, now: number): void {
  for (const [known, until] of used) {
    if (until > now && used.size < mostUsed) break;
    used.delete(known);
  }
  used.set(id, expiresAt + 120_000);
}

/** Revokes what could bring new tokens, then ends the session itself. @returns whether Zitadel took both */
async function endAtZitadel(
  row: SessionRow,
  { applications, sessions, logger }: SignOutRoutesOptions,
): Promise<boolean> {
  try {
    const { refreshToken, accessToken, idToken } = sessions.tokensOf(row);
    const { signIn } = await applications.signIn(row.application);
    if (refreshToken) await signIn.revoke(refreshToken, 'refresh_token');
    await signIn.revoke(accessToken, 'access_token');
    if (idToken) await signIn.endSession(idToken);
    return true;
  } catch (caught) {
    const { code } = DrawbridgeError.from(caught);
    logger.warn({ component: 'web', code, user: row.subject }, 'Zitadel could not be told of a sign-out');
    return false;
  }
}
