import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrawbridgeError } from '@drawbridge/kit';
import { pageHeaders, resultPage } from './page.ts';

/** Waits on loopback for the browser to come back. */
export interface CallbackServer {
  readonly redirectUri: string;
  /** The callback with the right state; `answer` shows the browser how it ended. */
  readonly arrived: Promise<{ readonly url: URL; readonly answer: (ok: boolean) => Promise<void> }>;
  close(): Promise<void>;
}

const largestUrl = 8 * 1024;

/**
 * Listens on 127.0.0.1 at a port of the system's choosing. Only a GET of the exact path, under the exact host and with
 * the state of this sign-in is the callback; anything else gets 404 and changes nothing, so that another page of the
 * browser can neither end nor feed the sign-in.
 *
 * @see RFC 8252 sections 7.3 and 8.3
 */
export async function listenForCallback(path: string, state: string): Promise<CallbackServer> {
  let arrive: (value: Awaited<CallbackServer['arrived']>) => void;
  const arrived = new Promise<Awaited<CallbackServer['arrived']>>((resolve) => {
    arrive = resolve;
  });
  let origin = '';
  let taken = false;
  const server = createServer((request, response) => {
    const url = callbackOf(request, origin, path, state);
    if (!url || taken) {
      response.writeHead(404, pageHeaders).end(resultPage(false));
      return;
    }
    taken = true; // a reload of the page must not become a second answer
    arrive({ url, answer: (ok) => send(response, ok) });
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  }).catch((error: unknown) => {
    throw new DrawbridgeError('address_in_use', {
      message: 'No port of this machine can be opened for the browser to come back to.',
      fix: 'Sign in with the device flow instead.',
      cause: error,
    });
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: `${origin}${path}`,
    arrived,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function callbackOf(request: IncomingMessage, origin: string, path: string, state: string): URL | undefined {
  const target = request.url ?? '';
  if (request.method !== 'GET' || target.length > largestUrl || !target.startsWith('/')) return undefined;
  if (`http://${request.headers.host ?? ''}` !== origin || !URL.canParse(target, origin)) return undefined;
  const url = new URL(target, origin);
  const fits = url.origin === origin && url.pathname === path && url.searchParams.get('state') === state;
  return fits ? url : undefined;
}

function send(response: ServerResponse, ok: boolean): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.writeHead(ok ? 200 : 400, pageHeaders).end(resultPage(ok));
  });
}
