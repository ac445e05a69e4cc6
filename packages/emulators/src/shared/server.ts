import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrawbridgeError } from '@drawbridge/kit';

/** How long calls under way may take to end when the emulator stops, in milliseconds. */
const drainMs = 1_000;

/** A server that listens, and how to stop it. */
export interface Listening {
  readonly port: number;
  /** Takes no more connections, lets calls under way end, closes the rest. */
  stop(): Promise<void>;
}

/** Listens. @throws {DrawbridgeError} `address_in_use` when the port is taken */
export function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 30_000 }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new DrawbridgeError('address_in_use', { where: `${host}:${port}`, cause })
          : cause,
      );
    });
    server.listen({ host, port }, () => {
      resolve({ port: (server.address() as AddressInfo).port, stop: () => stop(server) });
    });
  });
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
