import { DrawbridgeError, type HttpServer, type Logger, validators } from '@drawbridge/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Authenticator, type Caller, isSomebody } from './caller/index.ts';
import { version } from './discovery/index.ts';
import { dispatch } from './handlers/index.ts';
import { translateFailure } from './outage.ts';
import type { ContinueTokens } from './query/index.ts';
import type { VirtualResource } from './resources/index.ts';
import { negotiate, unauthorized } from './wire/index.ts';

/** What requests about resources are answered with. */
export interface ResourceRoutes {
  readonly groups: readonly string[];
  readonly resources: readonly VirtualResource[];
  readonly authenticator: Authenticator;
  readonly continues: ContinueTokens;
  /** Milliseconds that one request may take, where the caller asks for no less. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

const asDuration = validators.duration({ min: 1 });
const auditId = /^[A-Za-z0-9-]{1,64}$/;

/** Adds the resources of every group. Paths are read here and not by the router: a name is decoded once, after it was split off. */
export async function addResources(server: Pick<HttpServer, 'app'>, routes: ResourceRoutes): Promise<void> {
  await server.app.register(async (scope) => {
    const callers = new WeakMap<FastifyRequest, Caller>();
    const signals = new WeakMap<FastifyRequest, AbortSignal>();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    // Before the body is read: who is nobody need not be listened to.
    scope.addHook('onRequest', async (request, reply) => {
      void reply.header('cache-control', 'no-cache, private');
      const { 'audit-id': audit } = request.headers;
      if (typeof audit === 'string' && auditId.test(audit)) void reply.header('audit-id', audit);
      const signal = deadlineOf(request, reply, routes);
      signals.set(request, signal);
      try {
        callers.set(request, await authenticated(routes, request, signal));
      } catch (error) {
        // The certificate was asked for when the connection began. After a change of its authority, the front proxy is only known
        // on a new one, and it keeps a connection for as long as it can.
        void reply.header('connection', 'close');
        throw error;
      }
    });
    for (const group of routes.groups) {
      scope.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: `/apis/${group}/${version}/*`,
        exposeHeadRoute: false,
        handler: async (request, reply) => {
          const caller = callers.get(request);
          const signal = signals.get(request);
          if (caller === undefined || signal === undefined) throw unauthorized();
          return await answer(routes, { group, request, reply, caller, signal });
        },
      });
    }
  });
}

async function authenticated(
  { authenticator }: ResourceRoutes,
  request: FastifyRequest,
  signal: AbortSignal,
): Promise<Caller> {
  const caller = await authenticator.authenticate(request, signal).catch((error: unknown) => {
    throw translateFailure(error);
  });
  // Whoever has no id owns nothing; to list for nobody must never mean to list everything.
  if (!isSomebody(caller)) throw unauthorized();
  return caller;
}

interface Arrived {
  readonly group: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

async function answer(routes: ResourceRoutes, arrived: Arrived): Promise<FastifyReply> {
  const { group, request, reply, caller, signal } = arrived;
  const { path, query } = readUrl(request.raw.url ?? '');
  const [plural, name, ...more] = path.slice(4);
  const resource = routes.resources.find(({ description }) => description.plural === plural);
  if (resource === undefined || more.length > 0 || name === '') throw new DrawbridgeError('not_found');
  const { kind } = resource.description;
  try {
    const answered = await dispatch({
      request,
      reply,
      caller,
      resource,
      named: { group, plural: resource.description.plural, kind },
      apiVersion: `${group}/${version}`,
      name,
      query,
      negotiated: negotiate(request.headers.accept),
      continues: routes.continues,
      signal,
    });
    if (request.method !== 'GET') note(routes.logger, arrived, { plural: resource.description.plural, name });
    return answered;
  } catch (error) {
    throw translateFailure(error);
  }
}

/** Whoever changes something is noted; kube-apiserver's audit has the rest, by the same id. */
function note(
  logger: Logger,
  { request, caller, group }: Arrived,
  { plural, name }: { readonly plural: string; readonly name: string | undefined },
): void {
  logger.info(
    {
      component: 'apiserver',
      method: request.method,
      path: [`${plural}.${group}`, ...(name === undefined ? [] : [name])].join('/'),
      user: caller.uid,
      request_id: request.id,
    },
    'changed',
  );
}

/** Segments of the path, each decoded once. */
function readUrl(url: string): { readonly path: readonly string[]; readonly query: URLSearchParams } {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  try {
    return {
      path: path.split('/').map(decodeURIComponent),
      query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)),
    };
  } catch (cause) {
    throw new DrawbridgeError('invalid_request', { cause });
  }
}

/** Ends when the time is over, and when who asked has gone. */
function deadlineOf(request: FastifyRequest, reply: FastifyReply, routes: ResourceRoutes): AbortSignal {
  const asked = asDuration((request.query as { readonly timeout?: unknown }).timeout);
  const ms = 'value' in asked ? Math.min(asked.value, routes.timeoutMs) : routes.timeoutMs;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(new DOMException('The time is over.', 'TimeoutError')), ms);
  reply.raw.once('close', () => {
    // Not left to run out: at many requests a second, timers of those that are over would pile up.
    clearTimeout(timer);
    if (!reply.raw.writableFinished) ended.abort();
  });
  return ended.signal;
}
