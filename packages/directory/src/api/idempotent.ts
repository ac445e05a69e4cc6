import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import { beginAnswer, forgetAnswer, type KeyedRequest, keepWholeAnswer } from '../idempotency/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key this request is carried out under, where it brought one. */
    keyed: KeyedRequest | undefined;
  }
  interface FastifyContextConfig {
    /** True where the handler takes the key into its own transaction, or its answer must not be kept. */
    ownIdempotency?: boolean;
  }
}

const keyForm = /^[\x21-\x7e]{1,200}$/;

/**
 * Answers a POST that comes again with the same `Idempotency-Key` as the first time, and carries it out once. Answers that
 * say that nothing came of it, such as an outage, are not kept.
 */
export function addIdempotency(app: FastifyInstance, database: Database, now: () => Date): void {
  app.decorateRequest('keyed', undefined);
  app.addHook('preHandler', async (request, reply) => {
    const keyed = keyOf(request);
    if (!keyed) return;
    const earlier = await beginAnswer(database, keyed, now());
    if (earlier) {
      return await reply.status(earlier.status).header('idempotency-replayed', 'true').send(earlier.body);
    }
    request.keyed = keyed;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { keyed } = request;
    if (!keyed) return payload;
    request.keyed = undefined;
    const kept = typeof payload === 'string' && reply.statusCode < 500 && reply.statusCode !== 429;
    if (kept) await keepWholeAnswer(database, keyed, { status: reply.statusCode, body: JSON.parse(payload) });
    else await forgetAnswer(database, keyed);
    return payload;
  });
}

function keyOf(request: FastifyRequest): KeyedRequest | undefined {
  const key = request.headers['idempotency-key'];
  const { config } = request.routeOptions;
  if (request.method !== 'POST' || config.ownIdempotency || !config.access) return undefined;
  if (typeof key !== 'string' || !keyForm.test(key) || !request.caller) return undefined;
  return { caller: request.caller.subject, key, content: [request.url, request.body ?? null] };
}
