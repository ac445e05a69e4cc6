import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Headers, readUpTo, sendBody } from '../../shared/index.ts';

export type { Exchange } from '../../shared/index.ts';

/** Largest body taken: gRPC's limit (internal/api/grpc/server/gateway.go, 4.13). */
const maxBodyBytes = 4 * 1024 * 1024;

/** The body is larger than taken. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Reads a whole body. @throws {BodyTooLarge} */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const bytes = await readUpTo(request, maxBodyBytes);
  if (!bytes) throw new BodyTooLarge('the body is too large');
  return bytes;
}

/** Reads a whole body as text. @throws {BodyTooLarge} */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  sendBody(response, status, 'application/json', JSON.stringify(body), headers);
}

export function sendText(response: ServerResponse, status: number, body: string): void {
  sendBody(response, status, 'text/plain; charset=utf-8', body, { 'x-content-type-options': 'nosniff' });
}

export function redirect(response: ServerResponse, location: string, headers: Headers = {}): void {
  if (response.headersSent) return;
  response.writeHead(302, { location, ...headers } as Record<string, string | string[]>);
  response.end();
}
