import type { RequestListener, Server } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DrawbridgeError } from '../errors/index.ts';
import { newId } from '../ids/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { withRequestId } from '../trace/index.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { limitJson } from './json-body.ts';
import type { ServerLimits } from './limits.ts';
import { type ErrorFormat, translateRequestError } from './problem.ts';
import { trackRoutes } from './routes.ts';

interface AppOptions {
  readonly name: string;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly closing: AbortSignal;
  readonly errorFormat: ErrorFormat;
  readonly makeServer: (handler: RequestListener) => Server;
}

const saneRequestId = /^[A-Za-z0-9._:-]{1,128}$/;
const probePaths = new Set(['/livez', '/readyz', '/metrics']);

/** The fastify app of a server: how requests are named, counted, logged, refused and how errors are answered. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  // Loaded here, not at import: the command's short-lived calls must not pay for it.
  const { fastify } = await import('fastify');
  const app = fastify({
    logger: false,
    bodyLimit: options.limits.bodyBytes,
    serverFactory: (handler) => options.makeServer(handler),
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && saneRequestId.test(given) ? given : newId();
    },
    clientErrorHandler: (failure, socket) => answerBrokenRequest(failure, socket, options.errorFormat),
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply, options);
    },
    // Ours answers with a problem document and lets the probes through.
    return503OnClosing: false,
  });
  const allowed = trackRoutes(app);
  limitJson(app, options.limits.jsonDepth);
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply, options));
  app.setNotFoundHandler((request, reply) => {
    const methods = allowed(pathOf(request.url));
    if (!methods) throw new DrawbridgeError('not_found', { message: 'There is nothing at this path.' });
    void reply.header('allow', methods.join(', '));
    throw new DrawbridgeError('method_not_allowed');
  });
  observe(app, options);
  return app;
}

function observe(app: FastifyInstance, options: AppOptions): void {
  const { name, metrics, logger, closing } = options;
  app.addHook('onRequest', (request, reply, done) => {
    metrics.add('drawbridge_http_requests_in_flight', { server: name }, 1);
    void reply.header('x-request-id', request.id);
    const refused =
      closing.aborted && !probePaths.has(pathOf(request.url))
        ? new DrawbridgeError('shutting_down')
        : undefined;
    withRequestId(request.id, () => done(refused));
  });

  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing.aborted) void reply.header('connection', 'close');
    done();
  });

  app.addHook('onResponse', (request, reply, done) => {
    const method = request.method;
    const route = request.routeOptions.url ?? 'unmatched';
    const status = reply.statusCode;
    metrics.add('drawbridge_http_requests_in_flight', { server: name }, -1);
    metrics.count('drawbridge_http_requests_total', { server: name, method, route, status: String(status) });
    metrics.observe(
      'drawbridge_http_request_duration_seconds',
      { server: name, method, route },
      reply.elapsedTime / 1_000,
    );
    const line = {
      component: name,
      request_id: request.id,
      method,
      path: pathOf(request.url),
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (probePaths.has(route)) logger.debug(line, 'request');
    else logger.info(line, 'request');
    // An answer that was under way when the stop began leaves its connection open and idle.
    if (closing.aborted) setImmediate(() => app.server.closeIdleConnections());
    done();
  });
}

function answerError(
  caught: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { logger, errorFormat }: AppOptions,
): FastifyReply {
  const error = translateRequestError(caught);
  const { status } = error.info;
  if (error.code === 'internal') logger.error({ request_id: request.id, err: error }, 'request failed');
  else if (status >= 500) logger.warn({ request_id: request.id, err: error }, 'request failed');
  if (error.retryAfterSeconds !== undefined)
    void reply.header('retry-after', Math.ceil(error.retryAfterSeconds));
  const { contentType, body } = errorFormat(error, request.id);
  return reply
    .status(status)
    .header('x-request-id', request.id)
    .header('content-type', contentType)
    .serializer(String)
    .send(body);
}

/** A path for logs: never with its query, which may hold a code or a token. */
function pathOf(url: string): string {
  return url.split('?')[0] ?? url;
}
