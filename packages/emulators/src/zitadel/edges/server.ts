import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrawbridgeError } from '@drawbridge/kit';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Servers that listen, and how to stop them. */
export interface Listening {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Listens on a host. For loopback it listens on 127.0.0.1 and, where the machine has it, on ::1, at the same port: the
 * name `localhost` may mean either.
 *
 * @throws {DrawbridgeError} `address_in_use` when the port is taken
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const loopback = host === '127.0.0.1' || host === 'localhost';
  if (!loopback) {
    const server = await listenOn(listener, host, port);
    return { port: portOf(server), stop: () => close(server) };
  }
  for (let attempt = 1; ; attempt++) {
    const first = await listenOn(listener, '127.0.0.1', port);
    const chosen = portOf(first);
    try {
      const second = await listenOn(listener, '::1', chosen);
      return {
        port: chosen,
        stop: async () => {
          await Promise.all([close(first), close(second)]);
        },
      };
    } catch (error) {
      if (isMissingAddress(error)) return { port: chosen, stop: () => close(first) };
      await close(first);
      // A free port of 127.0.0.1 can be taken on ::1; ask for another unless a certain one is wanted.
      if (port !== 0 || attempt >= 10) throw error;
    }
  }
}

function listenOn(listener: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 30_000 }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new DrawbridgeError('address_in_use', { where: `${host}:${port}`, cause })
          : cause,
      );
    });
    server.listen({ host, port }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isMissingAddress(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL';
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
