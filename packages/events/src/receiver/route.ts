import { DrawbridgeError, type HttpServer, isLoopback } from '@drawbridge/kit';
import type { InvalidBody, Receiver } from './receiver.ts';
import type { SignatureProblem } from './signature.ts';

/** Where a receiver is reached. */
export interface ReceiverRoute {
  /** Path of the target's endpoint. Default `/webhooks/zitadel/events`. */
  readonly path?: string;
  /** Or who receives, by the parameters of a path that has some: `/webhooks/zitadel/events/:instance`. */
  readonly receiver: Receiver | ReceiverChoice;
}

/** Chooses who receives. What it throws is the answer. */
export type ReceiverChoice = (parameters: Readonly<Record<string, string>>) => Receiver;

const bodyLimit = 1024 * 1024;
/** Path of a receiver's route unless another is asked for. */
export const defaultReceiverPath = '/webhooks/zitadel/events';

/**
 * Adds the route of a receiver to a server, to be called before the server starts. It takes the raw body whatever its
 * content type says, up to 1 MiB, and answers 200 once the event is durable. No answer asks for a repeat: Zitadel makes
 * none, and what got lost is read from the event store.
 *
 * @throws {DrawbridgeError} in the route: `webhook_refused`, `webhook_invalid`, `webhook_not_stored`, `too_large`
 * @example
 * ```ts
 * import { addReceiverRoute, type Receiver } from '@drawbridge/events';
 * import { createHttpServer } from '@drawbridge/kit';
 *
 * declare const receiver: Receiver;
 * const server = await createHttpServer({ name: 'events', port: 8443 });
 * await addReceiverRoute(server, { receiver });
 * ```
 */
export async function addReceiverRoute(
  server: Pick<HttpServer, 'app'>,
  { path = defaultReceiverPath, receiver: given }: ReceiverRoute,
): Promise<void> {
  const choose: ReceiverChoice = typeof given === 'function' ? given : () => given;
  await server.app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: Readonly<Record<string, string>> }>(path, { bodyLimit }, async (request, reply) => {
      const receiver = choose(request.params);
      if (receiver.unsigned && !isBoundToLoopback(server)) {
        throw new DrawbridgeError('webhook_refused', {
          message: 'Unsigned webhooks are taken only by a server that is bound to loopback.',
        });
      }
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const result = await receiver.receive(body, request.headers);
      if (result.outcome === 'refused') throw refusal(result.problem);
      if (result.outcome === 'invalid') throw invalid(result.problem);
      return await reply.status(200).send({});
    });
  });
}

function isBoundToLoopback({ app }: Pick<HttpServer, 'app'>): boolean {
  const bound = app.server.address();
  if (bound === null || typeof bound === 'string') return false;
  return isLoopback(new URL(`http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}`));
}

const refusals: Readonly<Record<SignatureProblem, string>> = {
  signature_missing: 'The call has no ZITADEL-Signature header.',
  signature_malformed: 'The ZITADEL-Signature header is not of the form t=…,v1=….',
  signature_wrong: 'The signature does not fit the body and any accepted key.',
  too_old: 'The signature is too old.',
  in_future: 'The signature is dated in the future.',
};

function refusal(problem: SignatureProblem): DrawbridgeError {
  return new DrawbridgeError('webhook_refused', { message: refusals[problem] });
}

const complaints: Readonly<Record<InvalidBody, string>> = {
  too_large: 'The body is larger than 1 MiB.',
  not_utf8: 'The body is not UTF-8.',
  not_json: 'The body is not JSON.',
  too_deep: 'The body is nested too deeply.',
  not_an_event: 'The body is no event of Zitadel.',
  foreign_instance: 'The event is of another instance than this receiver serves.',
};

function invalid(problem: InvalidBody): DrawbridgeError {
  return new DrawbridgeError(problem === 'too_large' ? 'too_large' : 'webhook_invalid', {
    message: complaints[problem],
  });
}
