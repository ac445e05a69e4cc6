import {
  clientCertificate,
  DrawbridgeError,
  type HttpServer,
  type Logger,
  silentLogger,
  validators,
  withDeadline,
} from '@drawbridge/kit';
import type { TokenReviewer } from './reviewer.ts';
import { answerOf, readTokenReview, statusAnswer } from './wire.ts';

/** Where reviews are answered. */
export interface TokenReviewRoute {
  readonly reviewer: TokenReviewer;
  /** Whether callers need a certificate of the server's client authorities. Default false. */
  readonly clientCertificateRequired?: boolean;
  /** How long one review may take, in milliseconds, where the caller asks for no less. Default 10,000. */
  readonly timeoutMs?: number;
  readonly logger?: Logger;
}

/** The path that kube-apiserver is told. */
export const tokenReviewPath = '/apis/authentication.k8s.io/v1/tokenreviews';
/** What an older configuration may name: the review says which version it is of. */
const olderPath = '/apis/authentication.k8s.io/v1beta1/tokenreviews';

const asDuration = validators.duration({ min: 1 });

/**
 * Adds the webhook's route to a server, to be called before the server starts. What cannot be told is 503 without
 * `Retry-After`, whatever went wrong underneath: kube-apiserver repeats a 429, a 500 and a 504 up to five times while
 * its callers wait, and what Zitadel wrote is nobody's business here.
 *
 * @example
 * ```ts
 * import { createHttpServer } from '@drawbridge/kit';
 * import { addTokenReviewRoute, type TokenReviewer } from '@drawbridge/kubernetes';
 *
 * declare const reviewer: TokenReviewer;
 * const server = await createHttpServer({ name: 'authn-webhook', port: 9443 });
 * await addTokenReviewRoute(server, { reviewer });
 * ```
 */
export async function addTokenReviewRoute(
  server: Pick<HttpServer, 'app'>,
  route: TokenReviewRoute,
): Promise<void> {
  const { reviewer, clientCertificateRequired = false, timeoutMs = 10_000, logger = silentLogger } = route;
  await server.app.register(async (scope) => {
    scope.removeContentTypeParser('text/plain');
    // Before the body is read: a caller without a certificate is not worth it.
    scope.addHook('onRequest', async (request, reply) => {
      if (!clientCertificateRequired || clientCertificate(request)) return;
      return await reply
        .status(401)
        .send(statusAnswer(401, 'Unauthorized', 'A client certificate is needed here.'));
    });
    for (const path of [tokenReviewPath, olderPath]) {
      scope.post<{ Querystring: { readonly timeout?: unknown } }>(path, async (request, reply) => {
        try {
          const review = readTokenReview(request.body);
          const asked = asDuration(request.query.timeout);
          const waitMs = 'value' in asked ? Math.min(asked.value, timeoutMs) : timeoutMs;
          const status = await withDeadline(waitMs, (signal) =>
            reviewer.review(review, { signal, source: request.ip }),
          );
          return answerOf(status);
        } catch (caught) {
          const error = DrawbridgeError.from(caught);
          const fields = { component: 'authn-webhook', code: error.code, request_id: request.id };
          if (error.code === 'invalid_request') {
            logger.warn({ ...fields, err: error }, 'a review was not understood');
            return await reply.status(400).send(statusAnswer(400, 'BadRequest', error.message));
          }
          logger.warn({ ...fields, err: error }, 'a review could not be answered');
          const said = `Tokens cannot be checked at present (${error.code}).`;
          return await reply.status(503).send(statusAnswer(503, 'ServiceUnavailable', said));
        }
      });
    }
  });
}
