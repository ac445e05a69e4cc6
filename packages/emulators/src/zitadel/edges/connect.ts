import { sendBody } from '../../shared/index.ts';
import { detailOf, RpcError, rpcCodes } from '../errors.ts';
import type { Handler } from '../handlers/index.ts';
import { Call } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { isObject, type JsonObject, Message, protojson } from '../wire/index.ts';
import { authenticate } from './authenticate.ts';
import { BodyTooLarge, type Exchange, readBody, sendJson, sendText } from './http.ts';

/** Whether a path is that of a Connect call, known or not. */
export function isConnectPath(path: string): boolean {
  return /^\/zitadel\.[a-z_]+\.v2\.[A-Za-z]+\/[A-Za-z]+$/.test(path);
}

/** Serves one unary Connect call in JSON (connectrpc.com/docs/protocol). */
export async function serveConnect(
  kernel: Kernel,
  handlers: ReadonlyMap<string, Handler>,
  exchange: Exchange,
  issuer: string,
): Promise<void> {
  const { request, response } = exchange;
  if (exchange.method !== 'POST') {
    response.setHeader('allow', 'POST');
    sendText(response, 405, 'Method Not Allowed\n');
    return;
  }
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    response.setHeader('accept-post', 'application/json');
    sendBody(response, 415, 'text/plain', '');
    return;
  }
  const handler = handlers.get(exchange.url.pathname.slice(1));
  if (!handler) {
    sendUnknown(handlers, exchange);
    return;
  }
  try {
    const body = parseJson(await readBody(request));
    const procedure = exchange.url.pathname.slice(1);
    sendJson(response, 200, await invoke(kernel, { procedure, handler }, exchange, issuer, body));
  } catch (error) {
    sendConnectError(exchange, asRpcError(error));
  }
}

/** An unknown service falls through to the REST gateway, an unknown method to the service's own router (internal/api/api.go). */
function sendUnknown(handlers: ReadonlyMap<string, Handler>, { response, url }: Exchange): void {
  const service = url.pathname.slice(1, url.pathname.lastIndexOf('/') + 1);
  const known = [...handlers.keys()].some((procedure) => procedure.startsWith(service));
  if (known) sendText(response, 404, '404 page not found\n');
  else sendJson(response, 404, { code: 5, message: 'Not Found' });
}

/** A method and what does it. */
export interface Method {
  /** As in `zitadel.user.v2.UserService/CreateUser`. */
  readonly procedure: string;
  readonly handler: Handler;
}

/** Runs a method for an authenticated caller, with the actions around it, and waits until what it did is durable. */
export async function invoke(
  kernel: Kernel,
  { procedure, handler }: Method,
  { request: { headers } }: Pick<Exchange, 'request'>,
  issuer: string,
  body: JsonObject,
): Promise<unknown> {
  const caller = authenticate(kernel, headers);
  const intercepted = { procedure, caller, headers };
  const request = await kernel.actions.request(intercepted, body);
  const answer = await handler(new Call(kernel, caller, issuer), new Message(request));
  await kernel.log.flushed();
  return kernel.actions.response(intercepted, request, protojson(answer));
}

/** Anything thrown, as an error of the API. */
export function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof BodyTooLarge) return new RpcError('resource_exhausted', error.message);
  return new RpcError('unknown', 'Errors.Internal');
}

/** @throws {RpcError} `invalid_argument` when the body is not a JSON object */
export function parseJson(text: string): JsonObject {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new RpcError('invalid_argument', 'unmarshal message: the body is not a JSON object');
}

export function sendConnectError(exchange: Exchange, error: RpcError): void {
  const detail = detailOf(error);
  sendJson(exchange.response, rpcCodes[error.code].http, {
    code: error.code,
    message: error.message,
    ...(detail
      ? { details: [{ type: detail.type, value: detail.bytes.toString('base64').replace(/=+$/, '') }] }
      : {}),
  });
}
