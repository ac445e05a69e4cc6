import type { IncomingMessage, ServerResponse } from 'node:http';

/** One HTTP request on its way through the emulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
}

/** Largest body taken. Upstream sets no limit of its own. */
const maxBodyBytes = 4 * 1024 * 1024;

/** Reads a whole body as text; undefined where it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function send(
  { response }: Exchange,
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Sends an answer of the API, with a line feed at its end as Go's encoder writes it. */
export function sendJson(exchange: Exchange, status: number, body: unknown): void {
  send(exchange, status, 'application/json; charset=UTF-8', `${JSON.stringify(body)}\n`);
}

/** Sends a refusal of the API: its text, and the status once more (shared/management/http/util/util.go). */
export function sendRefusal(exchange: Exchange, status: number, message: string): void {
  sendJson(exchange, status, { message, code: status });
}

/** Sends what Go's router sends for a path or a method that is not served. */
export function sendNotServed(exchange: Exchange): void {
  const headers = { 'x-content-type-options': 'nosniff' };
  send(exchange, 404, 'text/plain; charset=utf-8', '404 page not found\n', headers);
}
