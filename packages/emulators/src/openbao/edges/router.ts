import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Logger, newId } from '@drawbridge/kit';
import { type Exchange, exchangeOf } from '../../shared/index.ts';
import {
  ApiError,
  badRequest,
  deniedByPolicy,
  noRoute,
  noToken,
  unsupportedOperation,
  unsupportedPath,
} from '../errors.ts';
import {
  type Call,
  type Caller,
  capabilityOf,
  type Fields,
  findRoute,
  type Reply,
  wrongKvPath,
} from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { isPagePath, servePage } from '../page/index.ts';
import { isControlsPath, serveControls } from './controls.ts';
import { readBody, sendBare, sendErrors, sendJson, sendPlain } from './http.ts';
import { placeOf, type Target, targetOf } from './target.ts';

/** Makes the one entry for all requests: controls, page, injected trouble, then the API. */
export function createRouter(kernel: Kernel, logger: Logger) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const exchange = exchangeOf(request, response);
    route(kernel, exchange).catch((error: unknown) => {
      if (error instanceof ApiError) {
        if (error.body === '') return sendBare(exchange, error.status);
        return sendErrors(exchange, error.status, error.texts);
      }
      logger.error({ component: 'openbao-emulator', err: error }, 'request failed');
      sendErrors(exchange, 500, ['internal error']);
    });
  };
}

async function route(kernel: Kernel, exchange: Exchange): Promise<void> {
  const { request, url, method } = exchange;
  const { controls, clock } = kernel.outside;
  if (isControlsPath(url.pathname)) return serveControls(kernel, exchange);
  if (isPagePath(url.pathname)) return servePage(kernel, exchange);
  if (controls.outage) {
    request.socket.destroy();
    return;
  }
  if (controls.latencyMs > 0) await clock.sleep(controls.latencyMs);
  const fault = controls.takeFault(method, url.pathname);
  if (fault) {
    const { status = 503, message } = fault;
    if (message === undefined) return sendPlain(exchange, status, 'upstream connect error');
    return sendErrors(exchange, status, [message]);
  }
  if (!url.pathname.startsWith('/v1/')) return sendPlain(exchange, 404, '404 page not found');
  const reply = await answer(kernel, exchange);
  // Nobody hears of what is not on disk.
  await kernel.log.flushed();
  sendReply(exchange, reply);
}

async function answer(kernel: Kernel, exchange: Exchange): Promise<Reply | undefined> {
  const { controls } = kernel.outside;
  const { pathname } = exchange.url;
  const bare = /^\/v1\/sys\/(health|init|unseal|seal-status|leader)\/?$/.exec(pathname)?.[1];
  const rootOnly = bare !== undefined && bare !== 'seal-status' && bare !== 'leader';
  if (
    (rootOnly || pathname === '/v1/sys/seal') &&
    exchange.request.headers['x-vault-namespace'] !== undefined
  )
    throw badRequest('operation unavailable in namespaces');
  if (bare === undefined) {
    if (kernel.runtime.sealed) throw new ApiError(503, ['Vault is sealed']);
    if (controls.standby)
      throw new ApiError(503, ['local node not active but active cluster node not found']);
    if (!controls.admits(kernel.now()))
      throw new ApiError(429, [
        `request path ${JSON.stringify(pathname.slice(4))}: rate limit quota exceeded`,
      ]);
  }
  const target = targetOf(kernel, exchange);
  if (target.path.split('/').some((one) => one === '.' || one === '..'))
    throw badRequest('relative paths not supported');
  const body = await fieldsOf(exchange, target);
  if (bare !== undefined) {
    const found = findRoute('bare', bare);
    const handler = found?.route.handlers[target.operation];
    if (!found || !handler) throw new ApiError(405);
    const root = kernel.state.namespaces.get('') ?? target.namespace;
    return handler({ kernel, ...target, namespace: root, ids: [], query: exchange.url.searchParams, body });
  }
  return dispatch(kernel, exchange, target, body);
}

/** Who calls is asked before where to: nobody without a token learns what is mounted (vault/request_handling.go). */
async function dispatch(
  kernel: Kernel,
  exchange: Exchange,
  target: Target,
  body: Fields,
): Promise<Reply | undefined> {
  const { namespace, operation, path } = target;
  const place = placeOf(target);
  const found = place && findRoute(place.backend, place.rest);
  const call: Call = {
    kernel,
    operation,
    namespace,
    path: place?.rest ?? path,
    ids: found?.ids ?? [],
    query: exchange.url.searchParams,
    body,
    ...(place?.mount ? { mount: place.mount } : {}),
  };
  if (found?.route.isOpen) {
    const caller = found.route.asksCaller && secretOf(exchange) ? callerOf(kernel, exchange) : undefined;
    return handlerOf(found.route, operation)({ ...call, ...(caller ? { caller } : {}) });
  }
  const caller = callerOf(kernel, exchange);
  // Rules hold below the namespace that a token was made in, and nowhere beside it.
  if (!namespace.path.startsWith(caller.token.namespace)) throw deniedByPolicy();
  const capability = found ? capabilityOf(found.route, call) : operation === 'write' ? 'update' : operation;
  const isSelf = place?.backend === 'token' && place.rest.endsWith('-self');
  // A list is of a folder, whether or not it is asked for with a slash (http/logical.go).
  const slash = operation === 'list' && !path.endsWith('/') ? '/' : '';
  const aclPath = (isSelf ? caller.token.namespace : namespace.path) + path + slash;
  if (!caller.acl.allows(aclPath, capability, found?.route.needsSudo)) throw deniedByPolicy();
  if (caller.token.numUses > 0)
    kernel.push({
      type: 'token.use',
      namespace: caller.token.namespace,
      target: caller.token.hash,
      payload: {},
    });
  if (!place) throw noRoute(path);
  if (operation === 'write' && path.endsWith('/')) throw badRequest("cannot write to a path ending in '/'");
  if (!found) {
    if (place.backend === 'kv') return wrongKvPath;
    throw unsupportedPath();
  }
  return handlerOf(found.route, operation)({ ...call, caller });
}

function handlerOf(
  route: { readonly handlers: Partial<Record<string, (call: Call) => unknown>> },
  operation: string,
) {
  const handler = route.handlers[operation];
  if (!handler) throw unsupportedOperation();
  return handler as (call: Call) => Promise<Reply | undefined>;
}

/** The token by its header or as a bearer; no token and a bad one are the same (http/handler.go). */
function callerOf(kernel: Kernel, exchange: Exchange): Caller {
  const secret = secretOf(exchange);
  const token = secret === undefined ? undefined : kernel.tokenOf(secret);
  if (!token || secret === undefined) throw noToken();
  return { token, secret, acl: kernel.aclOf(token) };
}

function secretOf({ request }: Exchange): string | undefined {
  const header = request.headers['x-vault-token'];
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return typeof header === 'string' && header !== '' ? header : bearer;
}

/** A body is JSON, whatever its type says; only PATCH asks for one (http/logical.go). */
async function fieldsOf(exchange: Exchange, { operation }: Target): Promise<Fields> {
  const type = exchange.request.headers['content-type'];
  if (operation === 'patch') {
    if (type === undefined)
      throw badRequest('PATCH requires Content-Type of application/merge-patch+json, none provided');
    if (!type.startsWith('application/merge-patch+json'))
      throw new ApiError(415, [
        `PATCH requires Content-Type of application/merge-patch+json, provided ${type}`,
      ]);
  }
  const body = await readBody(exchange.request);
  if (body === undefined) throw new ApiError(413, ['http: request body too large']);
  if (operation !== 'write' && operation !== 'patch') return {};
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    // Told below: what it is not does not matter.
  }
  throw badRequest('error parsing JSON');
}

/** Nothing is 204; all else goes in the envelope, but for what stands bare (http/logical.go). */
function sendReply(exchange: Exchange, reply: Reply | undefined): void {
  if (!reply) {
    sendBare(exchange, 204);
    return;
  }
  const { status = 200, data, auth, warnings, bare, isDoubled = false } = reply;
  if (bare !== undefined) {
    sendJson(exchange, status, bare);
    return;
  }
  const isEmptyList = status === 404 && typeof data === 'object' && data !== null && 'keys' in data;
  if (isEmptyList) {
    sendErrors(exchange, 404, []);
    return;
  }
  sendJson(exchange, status, {
    ...(isDoubled && typeof data === 'object' ? data : {}),
    request_id: newId(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: data ?? null,
    wrap_info: null,
    warnings: warnings ?? null,
    auth: auth ?? null,
  });
}
