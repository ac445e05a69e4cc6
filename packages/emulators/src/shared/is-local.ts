import type { IncomingMessage } from 'node:http';

/** Whether a request comes from this machine. */
export function isLocal(request: IncomingMessage): boolean {
  const from = request.socket.remoteAddress ?? '';
  return from === '::1' || from.startsWith('127.') || from.startsWith('::ffff:127.');
}
