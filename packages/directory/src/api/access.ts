import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import {
  type Authenticator,
  authenticate,
  type Caller,
  nothingHere,
  type Permission,
  requirePermission,
  requireSite,
} from './caller.ts';

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
      /** The organization the request is about. Nothing found answers `not_found`, like a foreign one. */
      readonly organizationId: (request: FastifyRequest) => Promise<string | undefined>;
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

/** Enforces each route's declared access. A route under `/api` that declares none does not start. */
export function guard(
  app: FastifyInstance,
  authenticator: Authenticator,
  database: Database,
  open: ReadonlySet<string>,
): void {
  app.decorateRequest('caller', undefined);
  app.decorateRequest('organizationId', undefined);
  app.addHook('onRoute', ({ url, method, config }) => {
    if (url.startsWith('/api/') && !config?.access && !open.has(url)) {
      throw new Error(`${String(method)} ${url} declares no access`);
    }
  });
  // Before validation: a stranger's request is refused without telling what its body should have been.
  app.addHook('onRequest', async (request) => {
    if (!request.routeOptions.config.access) return;
    request.caller = await authenticate(
      request.headers.authorization,
      authenticator,
      database,
      AbortSignal.timeout(10_000),
    );
  });
  app.addHook('preHandler', async (request) => {
    const { access } = request.routeOptions.config;
    if (access?.kind === 'site') requireSite(callerOf(request));
    if (access?.kind !== 'organization') return;
    const organizationId = await access.organizationId(request);
    if (organizationId === undefined) throw new DrawbridgeError('not_found', { message: nothingHere });
    requirePermission(callerOf(request), access.permission, organizationId);
    request.organizationId = organizationId;
  });
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
