import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Leaf } from './authority.ts';

export interface Loopback {
  readonly port: number;
  readonly requests: IncomingMessage[];
}

/** A plain server on loopback that is gone when the test is over. */
export async function loopback(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: { readonly host?: string; readonly tls?: Leaf } = {},
): Promise<Loopback> {
  const requests: IncomingMessage[] = [];
  const handler: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server = options.tls ? createTlsServer(options.tls, handler) : createServer(handler);
  await new Promise<void>((resolve) => {
    server.listen(0, options.host ?? '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

/** An origin on loopback where nothing listens. */
export async function closedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return `http://127.0.0.1:${port}/`;
}
