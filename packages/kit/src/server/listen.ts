import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { DrawbridgeError } from '../errors/index.ts';

/**
 * Opens the port and tells the origin it can be reached at.
 *
 * @throws {DrawbridgeError} `address_in_use`, or `invalid_settings` for an address that cannot be listened on
 */
export async function listen(
  app: FastifyInstance,
  options: { readonly host: string; readonly port: number; readonly secure: boolean },
): Promise<string> {
  const { host, port, secure } = options;
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw translateListenError(error, host, port);
  }
  const { port: bound } = app.server.address() as AddressInfo;
  // "All addresses" is nothing one can connect to; loopback always is.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${secure ? 'https' : 'http'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${bound}`;
}

function translateListenError(error: unknown, host: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new DrawbridgeError('address_in_use', {
      message: `Port ${port} on ${host} is taken by another program.`,
      where: `${host}:${port}`,
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL') {
    return new DrawbridgeError('invalid_settings', {
      message:
        code === 'EACCES'
          ? `This account may not listen on port ${port}.`
          : `${host} is not an address of this machine.`,
      where: `${host}:${port}`,
      saw: code,
      cause: error,
    });
  }
  return error;
}
