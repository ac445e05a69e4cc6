import type { IncomingMessage, ServerResponse } from 'node:http';

/** One HTTP request on its way through the emulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
}

/** Largest body taken: gRPC's limit (internal/api/grpc/server/gateway.go, 4.13). */
const maxBodyBytes = 4 * 1024 * 1024;

/** The body is larger than taken. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Reads a whole body. @throws {BodyTooLarge} */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new BodyTooLarge('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a whole body as text. @throws {BodyTooLarge} */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

export type Headers = Readonly<Record<string, string | readonly string[]>>;

export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Headers = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...headers,
  } as Record<string, string | number | string[]>);
  response.end(body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  send(response, status, 'application/json', JSON.stringify(body), headers);
}

export function sendText(response: ServerResponse, status: number, body: string): void {
  send(response, status, 'text/plain; charset=utf-8', body, { 'x-content-type-options': 'nosniff' });
}

export function redirect(response: ServerResponse, location: string, headers: Headers = {}): void {
  if (response.headersSent) return;
  response.writeHead(302, { location, ...headers } as Record<string, string | string[]>);
  response.end();
}
