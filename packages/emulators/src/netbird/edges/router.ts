import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@drawbridge/kit';
import { type Exchange, exchangeOf, isPagePath } from '../../shared/index.ts';
import type { NetbirdFault } from '../controls.ts';
import { ApiError } from '../errors.ts';
import { findHandler } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { servePage } from '../page/index.ts';
import { authenticate } from './authenticate.ts';
import { isControlsPath, serveControls } from './controls.ts';
import { readBody, sendJson, sendNotServed, sendPlain, sendRefusal } from './http.ts';

/** Makes the one entry for all requests: controls, page, injected trouble, then the API. */
export function createRouter(kernel: Kernel, logger: Logger) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const exchange = exchangeOf(request, response);
    route(kernel, exchange).catch((error: unknown) => {
      if (error instanceof ApiError) return sendRefusal(exchange, error.status, error.text);
      logger.error({ component: 'netbird-emulator', err: error }, 'request failed');
      sendRefusal(exchange, 500, 'internal server error');
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
  if (fault) return sendFault(exchange, fault);
  if (method === 'GET' && url.pathname === '/api/instance')
    return sendJson(exchange, 200, { setup_required: false });
  const found = findHandler(method, url.pathname);
  if (!found) return sendNotServed(exchange);
  const caller = await authenticate(kernel, exchange);
  const body = await readBody(request);
  if (body === undefined) return sendPlain(exchange, 413, 'Too Large');
  const answer = await found.handler({ kernel, caller, ids: found.ids, query: url.searchParams, body });
  // Nobody hears of what is not on disk.
  await kernel.log.flushed();
  sendJson(exchange, 200, answer);
}

function sendFault(exchange: Exchange, { status = 503, message }: NetbirdFault): void {
  if (message === undefined) sendPlain(exchange, status, 'upstream connect error');
  else sendRefusal(exchange, status, message);
}
