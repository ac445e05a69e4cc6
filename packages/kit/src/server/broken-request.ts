import type { Socket } from 'node:net';
import { DrawbridgeError, type ErrorCode } from '../errors/index.ts';
import { newId } from '../ids/index.ts';
import type { ErrorFormat } from './problem.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers a connection whose request never became one: unreadable, too large or too slow headers. */
export function answerBrokenRequest(
  failure: Error & { code?: string },
  socket: Socket,
  format: ErrorFormat,
): void {
  // The other side has gone, or an earlier answer is under way on this connection: nothing can be said any more.
  const answering = (socket as Socket & { _httpMessage?: unknown })._httpMessage;
  if (failure.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy();
    return;
  }
  const code = codes[failure.code ?? ''];
  const error = code
    ? new DrawbridgeError(code)
    : new DrawbridgeError('invalid_request', { message: 'The request is not HTTP/1.1.' });
  const { contentType, body } = format(error, newId());
  socket.end(
    [
      `HTTP/1.1 ${error.info.status} ${error.code}`,
      `content-type: ${contentType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
