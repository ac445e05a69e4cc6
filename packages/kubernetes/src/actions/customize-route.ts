import type { ActionPayloads, FunctionReply } from '@drawbridge/events';
import { DrawbridgeError, type HttpServer, type Logger } from '@drawbridge/kit';
import { type ClaimsPolicySource, claimsFor } from './claims/index.ts';
import type { Proof } from './intake/index.ts';

/** What tokens are customized with. */
export interface CustomizeRoute {
  readonly path: string;
  readonly prove: Proof;
  readonly payloads: ActionPayloads;
  readonly policy: ClaimsPolicySource;
  /** Time for one answer, in milliseconds: somebody's sign-in waits for it. */
  readonly budgetMs: number;
  /** Whether the server may serve this route, asked at each call. @throws {DrawbridgeError} `webhook_refused` */
  readonly guard: () => void;
  readonly logger: Logger;
}

const bodyLimit = 1024 * 1024;

/**
 * Adds the route that Zitadel's functions call while it makes a token. An answer holds all claims of the policy, or is an error: what
 * becomes of the token then is for the target to say. With `interruptOnError` the sign-in fails, without it the token has none of our
 * claims and hence less of a say, and never half of them. Nothing is awaited but the keys of packed bodies.
 */
export async function addCustomizeRoute(
  server: Pick<HttpServer, 'app'>,
  route: CustomizeRoute,
): Promise<void> {
  const { path, prove, payloads, policy, budgetMs, guard, logger } = route;
  const answer = async (body: Uint8Array, headers: Parameters<Proof>[1]): Promise<FunctionReply> => {
    await prove(body, headers);
    const payload = await payloads.parse(body);
    if (payload.kind !== 'function' || payload.body.function === 'function/presamlresponse')
      throw new DrawbridgeError('webhook_invalid', {
        message: 'The body is no call of preuserinfo or preaccesstoken.',
      });
    return claimsFor(payload.body, policy.current());
  };
  await server.app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(path, { bodyLimit }, async (request, reply) => {
      guard();
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      try {
        return await reply.status(200).send(await within(budgetMs, answer(body, request.headers)));
      } catch (caught) {
        const error = DrawbridgeError.from(caught);
        const fields = { component: 'actions-server', code: error.code, request_id: request.id };
        logger.warn(fields, 'a token was not customized');
        throw error;
      }
    });
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new DrawbridgeError('timeout', { message: 'The answer would come too late.' })),
    ms,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
