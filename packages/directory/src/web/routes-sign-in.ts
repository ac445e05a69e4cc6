import { DrawbridgeError, isLoopback, type Logger, Secret } from '@drawbridge/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { Integration } from '../integrations/index.ts';
import { findOrganization } from '../organizations/index.ts';
import type { WebApplications } from './applications.ts';
import { type Cookies, hashOf, newTicket, readCookie } from './cookies.ts';
import { returnPath } from './return-path.ts';
import type { SessionStore } from './session-store.ts';
import { type SignInStore, signInMs } from './sign-in-store.ts';

export interface SignInRoutesOptions {
  readonly database: Database;
  readonly applications: WebApplications;
  readonly sessions: SessionStore;
  readonly signIns: SignInStore;
  readonly cookies: () => Cookies;
  readonly publicUrl: () => URL;
  readonly now: () => number;
  /** Lifetime of a session's cookie, in milliseconds. */
  readonly maxMs: number;
  readonly logger: Logger;
}

const signInQuery = z.object({
  return: z.string().optional().catch(undefined),
  organization: z.string().min(1).max(200).optional(),
  application: z.enum(['console', 'management']).default('console'),
  prompt: z.enum(['login', 'select_account']).optional(),
});

/** `GET /auth/sign-in` and `GET /auth/callback`: the browser's way to Zitadel and back. */
export function signInRoutes(app: FastifyInstance, options: SignInRoutesOptions): void {
  app.get('/auth/sign-in', async (request, reply) => await begin(request, reply, options));
  app.get('/auth/callback', async (request, reply) => await finish(request, reply, options));
}

async function begin(
  request: FastifyRequest,
  reply: FastifyReply,
  options: SignInRoutesOptions,
): Promise<FastifyReply> {
  const { applications, signIns, cookies, publicUrl } = options;
  const base = publicUrl();
  // The callback comes to the public URL: a cookie set at another name of this machine would not be there. Elsewhere a
  // proxy may have changed the name on the way, so that sending the browser there would never end.
  if (isLoopback(base) && request.host !== base.host)
    return reply.redirect(new URL(request.url, base).href, 302);
  const query = signInQuery.safeParse(request.query);
  if (!query.success) {
    throw new DrawbridgeError('invalid_request', { message: 'The address of this sign-in is not complete.' });
  }
  const { application, organization, prompt } = query.data;
  const { signIn, integration } = await applications.signIn(application);
  const scope = await scopeOf(options.database, integration, organization);
  const begun = await signIn.begin(callbackUrl(base), scope, prompt === undefined ? {} : { prompt });
  const names = cookies();
  // One that is there already serves several sign-ins of the same browser.
  const browser = readCookie(request.headers.cookie, names.signIn) ?? newTicket();
  await signIns.add(begun.state, {
    application,
    browser: hashOf(browser),
    returnTo: returnPath(query.data.return),
    kept: begun.kept.expose(),
  });
  return reply
    .header('set-cookie', names.set(names.signIn, browser, signInMs / 1_000))
    .header('cache-control', 'no-store')
    .redirect(begun.url, 302);
}

/**
 * Standard claims, a refresh token, and the project's audience, without which the directory would not be among those the
 * token is for. A tenant's own sign-in is bound to its organization, whose branding and policies then apply.
 */
async function scopeOf(
  database: Database,
  integration: Integration,
  organization: string | undefined,
): Promise<string> {
  const scope = ['openid', 'profile', 'email', 'offline_access'];
  if (integration.project_id !== null)
    scope.push(`urn:zitadel:iam:org:project:id:${integration.project_id}:aud`);
  if (organization === undefined) return scope.join(' ');
  const found = await findOrganization(database, organization);
  if (!found?.zitadel_org_id || found.integration_id !== integration.id) {
    throw new DrawbridgeError('organization_unknown', {
      message: 'There is no organization of that name to sign in to.',
      fix: 'Check the address, or sign in without naming an organization.',
    });
  }
  return [...scope, `urn:zitadel:iam:org:id:${found.zitadel_org_id}`].join(' ');
}

async function finish(
  request: FastifyRequest,
  reply: FastifyReply,
  options: SignInRoutesOptions,
): Promise<FastifyReply> {
  const { applications, sessions, signIns, cookies, maxMs, logger } = options;
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const names = cookies();
  const state = query.get('state') ?? '';
  const browser = readCookie(request.headers.cookie, names.signIn);
  const pending = state === '' ? undefined : await signIns.take(state);
  if (!pending || browser === undefined || hashOf(browser) !== pending.browser) {
    throw new DrawbridgeError('sign_in_expired', {
      message: 'This sign-in was begun in another browser, is finished already, or took too long.',
      fix: 'Begin it again.',
    });
  }
  const { signIn, integration } = await applications.signIn(pending.application);
  const { subject, session, ...tokens } = await signIn.finish(query, {
    state,
    kept: new Secret(pending.kept),
  });
  const info = await signIn.userInfo(tokens.accessToken, subject);
  const email = typeof info.email === 'string' ? info.email : '';
  const name = [info.name, info.preferred_username, email, subject].find(
    (one) => typeof one === 'string' && one !== '',
  );
  if (pending.application === 'management') await admitManagement(subject, request, options);
  const former = readCookie(request.headers.cookie, names.session);
  if (former !== undefined) await sessions.end(hashOf(former));
  const userAgent = request.headers['user-agent'];
  const cookie = await sessions.add({
    application: pending.application,
    integrationId: integration.id,
    subject,
    name: String(name),
    email,
    tokens,
    ...(session === undefined ? {} : { zitadelSessionId: session }),
    ...(userAgent === undefined ? {} : { userAgent }),
  });
  logger.info({ component: 'web', user: subject }, `signed in to the ${pending.application}`);
  return reply
    .header('set-cookie', names.set(names.session, cookie, maxMs / 1_000))
    .header('cache-control', 'no-store')
    .redirect(pending.returnTo, 303);
}

/** The management application is for site administrators, and who came through it stands in the audit. */
async function admitManagement(
  subject: string,
  request: FastifyRequest,
  { database, now }: SignInRoutesOptions,
): Promise<void> {
  await database.transaction(async (trx) => {
    const administrator = await trx
      .selectFrom('site_administrators')
      .select('subject')
      .where('subject', '=', subject)
      .executeTakeFirst();
    if (!administrator) {
      throw new DrawbridgeError('forbidden', {
        message: 'Site administration is for site administrators, and you are not one.',
        fix: 'Use the console, or sign in as somebody else.',
      });
    }
    await recordAudit(trx, {
      actor: subject,
      action: 'management.sign_in',
      objectType: 'site_administrator',
      objectId: subject,
      requestId: request.id,
      at: new Date(now()),
    });
  });
}

function callbackUrl(base: URL): string {
  return new URL('/auth/callback', base).href;
}
