import { detailOf, type RpcError, rpcCodes } from '../errors.ts';
import { handlers, v1Handlers } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import type { JsonObject } from '../wire/index.ts';
import { asRpcError, invoke, parseJson } from './connect.ts';
import { type Exchange, readBody, sendJson } from './http.ts';
import { restRoutes } from './rest-routes.ts';

/** Whether a path belongs to the REST gateway. */
export function isRestPath(path: string): boolean {
  return /^\/(v2|v2beta|admin\/v1|auth\/v1|management\/v1|system\/v1)\//.test(path);
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly rpc: string;
}

const routes: readonly Route[] = restRoutes.map(([method, path, rpc]) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
  names: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
  rpc,
}));

/** Serves a call of the REST gateway: the same handlers, other paths and errors (internal/api/grpc/server/gateway.go). */
export async function serveRest(kernel: Kernel, exchange: Exchange, issuer: string): Promise<void> {
  const { request, response, url, method } = exchange;
  const matching = routes.filter((route) => route.pattern.test(url.pathname));
  const route = matching.find((candidate) => candidate.method === method);
  const handler = route && (handlers.get(route.rpc) ?? v1Handlers.get(route.rpc));
  if (!handler) {
    const known = matching.length > 0;
    // grpc-gateway: an unknown path is code 5, a known one with another method code 12.
    const body = known ? { code: 12, message: 'Method Not Allowed' } : { code: 5, message: 'Not Found' };
    sendJson(response, known ? 501 : 404, body);
    return;
  }
  try {
    const body = hasBody(method) ? parseJson(await readBody(request)) : {};
    const parameters = pathParameters(route, url.pathname);
    const query = Object.fromEntries([...url.searchParams].map(([name, value]) => [camel(name), value]));
    const message: JsonObject = { ...query, ...body, ...parameters };
    sendJson(
      response,
      200,
      await invoke(kernel, { procedure: route.rpc, handler }, exchange, issuer, message),
    );
  } catch (error) {
    sendRestError(exchange, asRpcError(error));
  }
}

export function sendRestError(exchange: Exchange, error: RpcError): void {
  const detail = detailOf(error);
  const { number, rest } = rpcCodes[error.code];
  sendJson(exchange.response, rest, {
    code: number,
    message: error.message,
    ...(detail
      ? {
          details: [
            {
              '@type': `type.googleapis.com/${detail.type}`,
              id: error.id,
              message: error.text,
              ...(error.failedAttempts ? { failedAttempts: error.failedAttempts } : {}),
            },
          ],
        }
      : {}),
  });
}

function hasBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
}

function pathParameters(route: Route, path: string): JsonObject {
  const values = route.pattern.exec(path)?.slice(1) ?? [];
  return Object.fromEntries(route.names.map((name, at) => [name, safeDecode(values[at] ?? '')]));
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A malformed escape stands for itself.
    return text;
  }
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
