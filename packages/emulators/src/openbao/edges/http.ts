import type { IncomingMessage, ServerResponse } from 'node:http';

/** One HTTP request on its way through the emulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
}

/** Upstream's own limit (http/handler.go). */
const maxBodyBytes = 32 * 1024 * 1024;

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
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(status === 204 ? undefined : body);
}

/** Sends an answer of the API, with a line feed at its end as Go's encoder writes it. */
export function sendJson(exchange: Exchange, status: number, body: unknown): void {
  send(exchange, status, 'application/json', `${JSON.stringify(body)}\n`);
}

/** Sends a refusal of the API; the list may be empty (sdk/logical/response_util.go). */
export function sendErrors(exchange: Exchange, status: number, errors: readonly string[]): void {
  sendJson(exchange, status, { errors });
}
