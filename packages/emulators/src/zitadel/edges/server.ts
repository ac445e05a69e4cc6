import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { DrawbridgeError } from '@drawbridge/kit';
import { createTwoProtocolServer, type TwoProtocolServer } from './sockets.ts';

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
    return { port: portOf(server.server), stop: () => server.stop() };
  }
  for (let attempt = 1; ; attempt++) {
    const first = await listenOn(listener, '127.0.0.1', port);
    const chosen = portOf(first.server);
    try {
      const second = await listenOn(listener, '::1', chosen);
      return {
        port: chosen,
        stop: async () => {
          await Promise.all([first.stop(), second.stop()]);
        },
      };
    } catch (error) {
      if (isMissingAddress(error)) return { port: chosen, stop: () => first.stop() };
      await first.stop();
      // A free port of 127.0.0.1 can be taken on ::1; ask for another unless a certain one is wanted.
      if (port !== 0 || attempt >= 10) throw error;
    }
  }
}

function listenOn(listener: RequestListener, host: string, port: number): Promise<TwoProtocolServer> {
  const both = createTwoProtocolServer(listener);
  const { server } = both;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new DrawbridgeError('address_in_use', { where: `${host}:${port}`, cause })
          : cause,
      );
    });
    server.listen({ host, port }, () => resolve(both));
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isMissingAddress(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL';
}
