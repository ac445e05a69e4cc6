import type { IncomingMessage, ServerResponse } from 'node:http';

/** One HTTP request on its way through an emulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
}

/** Headers of an answer. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** A request that has just come in. The URL's host says nothing: what was asked for by name stands in the header. */
export function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  const target = request.url ?? '/';
  const url = new URL(target.startsWith('/') ? `http://emulator${target}` : target);
  return { request, response, url, method: request.method ?? 'GET' };
}

/** Reads a whole body; undefined where it is larger than `maxBytes`. */
export async function readUpTo(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Sends an answer, unless one has begun or nobody waits for it any more. */
export function sendBody(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Headers = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': type,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...headers,
  } as Record<string, string | number | string[]>);
  response.end(status === 204 ? undefined : body);
}
