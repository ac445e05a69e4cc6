import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Logger } from '@drawbridge/kit';
import { exchangeOf, isPagePath } from '../../shared/index.ts';
import type { Controls, Fault } from '../controls.ts';
import { RpcError } from '../errors.ts';
import { handlers } from '../handlers/index.ts';
import { unknownInstanceText } from '../instance.ts';
import { findInstance, type HostedInstance } from '../instances.ts';
import { isOidcPath, serveOidc } from '../oidc/index.ts';
import { servePage } from '../page/index.ts';
import { isConnectPath, sendConnectError, serveConnect } from './connect.ts';
import { controlsPath, serveControls } from './controls.ts';
import { isGrpc, sendGrpcError, serveGrpc } from './grpc.ts';
import { type Exchange, sendJson, sendText } from './http.ts';
import { isRestPath, sendRestError, serveRest } from './rest.ts';

export interface RouterOptions {
  readonly instances: readonly [HostedInstance, ...HostedInstance[]];
  readonly controls: Controls;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What unknown hosts are told the instance is called. */
  readonly domain: string;
}

/** Makes the one entry for all requests: controls, health, instance, injected trouble, then the edge of the path. */
export function createRouter(options: RouterOptions) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    route(options, request, response).catch((error: unknown) => {
      options.logger.error({ component: 'zitadel-emulator', err: error }, 'request failed');
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'Internal Server Error\n');
    });
  };
}

const healthPaths = new Set(['/debug/healthz', '/debug/ready', '/healthz']);

async function route(
  options: RouterOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = exchangeOf(request, response);
  const { url } = exchange;
  const { controls, instances, clock } = options;
  if (url.pathname === controlsPath) return serveControls(controls, exchange);
  if (isPagePath(url.pathname)) return servePage(instances, controls, exchange);
  if (controls.outage) {
    request.socket.destroy();
    return;
  }
  // The instance's own clock, which clients compare theirs with.
  response.setHeader('date', new Date(clock.now() + controls.clockOffsetMs).toUTCString());
  if (controls.latencyMs > 0) await clock.sleep(controls.latencyMs);
  if (healthPaths.has(url.pathname)) return sendText(response, 200, 'ok');
  const fault = controls.takeFault(url.pathname, url.pathname.slice(1));
  if (fault) return sendFault(exchange, fault);
  const origin = findInstance(instances, request.headers);
  if ('id' in origin)
    return sendUnknownInstance(exchange, unknownInstanceText(origin, options.domain), origin.id);
  const { kernel } = origin;
  // Quirk `allEventsBreakApi`: issue zitadel#12225, internal/execution/handlers.go (4.11 to 4.15).
  if (controls.quirks.allEventsBreakApi && (kernel.fresh.executions.get('event')?.targets.length ?? 0) > 0) {
    const broken: Fault = { match: '*', code: 'internal', message: 'Errors.Internal' };
    return sendFault(exchange, isOidcPath(url.pathname) ? { ...broken, status: 500 } : broken);
  }
  if (isGrpc(request)) return serveGrpc(kernel, exchange, origin.issuer);
  if (isConnectPath(url.pathname)) return serveConnect(kernel, handlers, exchange, origin.issuer);
  if (isRestPath(url.pathname)) return serveRest(kernel, exchange, origin.issuer);
  if (isOidcPath(url.pathname)) return serveOidc(kernel, exchange, origin.issuer);
  sendText(response, 404, '404 page not found\n');
}

function sendUnknownInstance(exchange: Exchange, text: string, id: string): void {
  const path = exchange.url.pathname;
  if (isGrpc(exchange.request)) sendGrpcError(exchange, new RpcError('not_found', text.trim()));
  else if (isConnectPath(path)) sendConnectError(exchange, new RpcError('not_found', text.trim()));
  else if (isRestPath(path)) sendJson(exchange.response, 404, { code: 5, message: `${text.trim()} (${id})` });
  else sendText(exchange.response, 404, text);
}

function sendFault(exchange: Exchange, fault: Fault): void {
  const path = exchange.url.pathname;
  const error = new RpcError(fault.code ?? 'unavailable', fault.message ?? 'injected failure');
  if (isGrpc(exchange.request)) {
    sendGrpcError(exchange, error);
    return;
  }
  if (isRestPath(path) && fault.status === undefined) {
    sendRestError(exchange, error);
    return;
  }
  if (isConnectPath(path) && fault.status === undefined) {
    sendConnectError(exchange, error);
    return;
  }
  sendText(exchange.response, fault.status ?? 503, fault.message ?? 'injected failure\n');
}
