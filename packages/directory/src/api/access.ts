import { DrawbridgeError, withDeadline } from '@drawbridge/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import {
  type Authenticator,
  authenticate,
  type Caller,
  loadCaller,
  nothingHere,
  type Permission,
  requirePermission,
  requireSite,
} from './caller.ts';
import type { RequestLimiter } from './limits.ts';

/**
 * What a route demands, declared with the route and enforced before its handler.
 * - `signed-in`: any accepted token; the handler shows the caller's own only.
 * - `organization`: the permission in the organization that `organizationId` finds; a site administrator passes.
 * - `site`: site administrators alone.
 */
export type Access =
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'site' }
  | {
      readonly kind: 'organization';
      readonly permission: Permission;
      /**
       * The organization the request is about. Nothing found answers `not_found`, like a foreign one; `null` says that
       * it is about all of them, which only site administrators may ask.
       */
      readonly organizationId: (request: FastifyRequest) => Promise<string | undefined | null>;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    caller: Caller | undefined;
    organizationId: string | undefined;
  }
}

/** What the guard proves callers with. */
export interface GuardOptions {
  readonly authenticator: Authenticator;
  readonly sessions: BrowserSessions | undefined;
  readonly database: Database;
  readonly limiter: RequestLimiter | undefined;
  /** Paths that need no access. */
  readonly open: ReadonlySet<string>;
}

/** Enforces each route's declared access. A route under `/api` that declares none does not start. */
export function guard(app: FastifyInstance, options: GuardOptions): void {
  const { open } = options;
  app.decorateRequest('caller', undefined);
  app.decorateRequest('organizationId', undefined);
  app.addHook('onRoute', ({ url, method, config }) => {
    if (url.startsWith('/api/') && !config?.access && !open.has(url)) {
      throw new Error(`${String(method)} ${url} declares no access`);
    }
  });
  // Before validation: a stranger's request is refused without telling what its body should have been.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.access) return;
    request.caller = await identify(request, options);
    options.limiter?.count(request, reply, request.caller.subject);
  });
  app.addHook('preHandler', async (request) => {
    const { access } = request.routeOptions.config;
    if (access?.kind === 'site') requireSite(callerOf(request));
    if (access?.kind !== 'organization') return;
    const organizationId = await access.organizationId(request);
    if (organizationId === null) return requireSite(callerOf(request));
    if (organizationId === undefined) throw new DrawbridgeError('not_found', { message: nothingHere });
    requirePermission(callerOf(request), access.permission, organizationId);
    requireReason(request, organizationId);
    request.organizationId = organizationId;
  });
}

const identifyMs = 10_000;

/**
 * Who makes a request, by cookie or by token. Both at once could be two people, one of them not asked.
 *
 * @throws {DrawbridgeError} `unauthenticated`, `session_ended`, `csrf_refused`, or why it cannot be told
 */
export async function identify(
  request: FastifyRequest,
  { authenticator, sessions, database }: GuardOptions,
): Promise<Caller> {
  const { authorization } = request.headers;
  if (!sessions || sessions.cookieOf(request) === undefined)
    return await withDeadline(identifyMs, (signal) =>
      authenticate(authorization, authenticator, database, signal),
    );
  if (authorization !== undefined) {
    throw new DrawbridgeError('invalid_request', {
      message: 'The request has both a session cookie and an Authorization header.',
      fix: 'Send one of them.',
    });
  }
  const session = await withDeadline(identifyMs, (signal) => sessions.of(request, signal));
  if (!session) {
    throw new DrawbridgeError('session_ended', { fix: 'Sign in again at /auth/sign-in.' });
  }
  return await loadCaller(database, session.subject, session);
}

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A person who changes something in an organization that is not theirs has said why before (S58). */
function requireReason(request: FastifyRequest, organizationId: string): void {
  const { session, permissions } = callerOf(request);
  const own =
    !session || permissions.has(organizationId) || session.acting?.organizationId === organizationId;
  if (!own && !safe.has(request.method)) throw new DrawbridgeError('reason_needed');
}

/** The caller of a guarded route. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new DrawbridgeError('unauthenticated');
  return request.caller;
}

/** The organization a guarded route is about. */
export function organizationOf(request: FastifyRequest): string {
  if (request.organizationId === undefined) throw new DrawbridgeError('not_found');
  return request.organizationId;
}
