import { type Clock, DrawbridgeError, type Logger, requireSecureUrl } from '@drawbridge/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator, BrowserSessions } from '../api/index.ts';
import type { Database } from '../database/index.ts';
import type { Sealer } from '../sealing/index.ts';
import { type ApplicationsOptions, WebApplications } from './applications.ts';
import { consoleRoutes } from './console-files.ts';
import { type Cookies, cookiesFor } from './cookies.ts';
import { addSecurityHeaders } from './headers.ts';
import { type Page, pagePolicy, renderPage } from './page.ts';
import { signInRoutes } from './routes-sign-in.ts';
import { signOutRoutes } from './routes-sign-out.ts';
import { SessionStore } from './session-store.ts';
import { Sessions } from './sessions.ts';
import { SignInStore } from './sign-in-store.ts';

export interface WebOptions extends ApplicationsOptions {
  readonly database: Database;
  readonly authenticator: Authenticator;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where browsers reach this server; known once it listens. */
  readonly publicUrl: () => string;
  /** A session that is not used for this long ends, in milliseconds. Default 8 h. */
  readonly idleMs?: number;
  /** A session ends this long after its sign-in, in milliseconds. Default 12 h. */
  readonly maxMs?: number;
  /** The built console; without it only the API is served. */
  readonly consoleFolder?: string;
}

/** What the server offers to browsers beside the API. */
export interface Web {
  readonly sessions: BrowserSessions;
  /** Adds the routes; `limit` is run before each of `/auth`. */
  addTo(app: FastifyInstance): Promise<void>;
  /** Removes sessions and sign-ins whose time is over. */
  forget(): Promise<void>;
}

const hour = 3_600_000;

/** Builds sign-in, cookie sessions and the console's files. Nothing is read or sent before the first request. */
export function createWeb(options: WebOptions): Web {
  const { database, sealer, clock, logger, authenticator, consoleFolder } = options;
  const { idleMs = 8 * hour, maxMs = 12 * hour, allowInsecure = false } = options;
  const applications = new WebApplications(options);
  const store = new SessionStore({ database, sealer, clock, idleMs, maxMs });
  const signIns = new SignInStore({ database, sealer, clock });
  let known: { readonly url: URL; readonly cookies: Cookies } | undefined;
  const place = () => {
    if (known) return known;
    const url = requireSecureUrl(options.publicUrl(), { allowInsecure });
    known = { url, cookies: cookiesFor(url) };
    return known;
  };
  const cookies = () => place().cookies;
  const publicUrl = () => place().url;
  const origin = () => place().url.origin;
  const now = () => clock.now();
  const sessions = new Sessions({ store, applications, authenticator, clock, logger, cookies, origin });

  return {
    sessions,
    async addTo(app) {
      addSecurityHeaders(app, () => publicUrl().protocol === 'https:');
      await app.register((scope, _options, done) => {
        scope.setErrorHandler((error, request, reply) => answerPage(error, request, reply, logger));
        signInRoutes(scope, {
          database,
          applications,
          sessions: store,
          signIns,
          cookies,
          publicUrl,
          now,
          maxMs,
          logger,
        });
        scope.get('/auth/signed-out', async (request, reply) => await signedOut(request, reply));
        if (!consoleFolder) scope.get('/', async (request, reply) => await noConsole(request, reply));
        done();
      });
      await app.register((scope, _options, done) => {
        signOutRoutes(scope, { applications, sessions: store, cookies, origin, now, logger });
        done();
      });
      if (consoleFolder) await consoleRoutes(app, consoleFolder);
    },
    async forget() {
      await store.forget();
      await signIns.forget();
    },
  };
}

/** What failed on the way of a browser is told on a page, with the way back. */
function answerPage(
  caught: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const error = DrawbridgeError.from(caught);
  const { status } = error.info;
  if (error.code === 'internal') logger.error({ request_id: request.id, err: error }, 'request failed');
  else logger.info({ component: 'web', request_id: request.id, code: error.code }, 'a sign-in failed');
  if (error.retryAfterSeconds !== undefined)
    void reply.header('retry-after', Math.ceil(error.retryAfterSeconds));
  return sendPage(reply.status(status), {
    title: 'The sign-in did not work',
    text: error.code === 'internal' ? error.info.message : error.message,
    ...(error.fix === undefined ? {} : { fix: fixForBrowsers(error) }),
    links: [
      { href: '/auth/sign-in', text: 'Sign in again' },
      { href: '/auth/sign-in?prompt=login', text: 'Sign in as somebody else' },
    ],
    requestId: request.id,
  });
}

/** The registry's advice speaks to whoever uses the command; on a page the links say what to do. */
function fixForBrowsers({ fix = '', code }: DrawbridgeError): string {
  if (!/\bdrawbridge (login|doctor|logout)\b/.test(fix)) return fix;
  return code === 'sign_in_denied'
    ? 'Sign in again if that was not meant.'
    : 'Begin it again; if it fails again, tell whoever runs this server the request number below.';
}

function signedOut({ url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const incomplete = url.includes('?incomplete');
  return sendPage(reply, {
    title: 'You are signed out',
    text: incomplete
      ? 'You are signed out here, but Zitadel could not be reached: your session there lasts until its time is over.'
      : 'Your session has ended here and in Zitadel.',
    ...(incomplete ? { fix: 'On a shared computer, sign out of Zitadel as well.' } : {}),
    links: [{ href: '/auth/sign-in', text: 'Sign in' }],
  });
}

function noConsole(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendPage(reply, {
    title: 'Drawbridge directory',
    text: 'The API is served here; the console is not built.',
    fix: 'Build it with npm run build -w apps/console, and start again.',
    links: [
      { href: '/auth/sign-in', text: 'Sign in' },
      { href: '/api/openapi.json', text: 'API description' },
    ],
  });
}

function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .header('content-security-policy', pagePolicy)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(renderPage(page));
}
