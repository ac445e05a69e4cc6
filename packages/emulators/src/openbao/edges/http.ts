import type { IncomingMessage } from 'node:http';
import { type Exchange, readUpTo, sendBody } from '../../shared/index.ts';

/** Upstream's own limit (http/handler.go). */
const maxBodyBytes = 32 * 1024 * 1024;
const headers = { 'cache-control': 'no-store' };

/** Reads a whole body as text; undefined where it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  return (await readUpTo(request, maxBodyBytes))?.toString('utf8');
}

export function sendPlain({ response }: Exchange, status: number, text: string): void {
  sendBody(response, status, 'text/plain; charset=utf-8', `${text}\n`, headers);
}

/** Sends an answer without a body. */
export function sendBare({ response }: Exchange, status: number): void {
  sendBody(response, status, 'application/json', '', headers);
}

/** Sends an answer of the API, with a line feed at its end as Go's encoder writes it. */
export function sendJson({ response }: Exchange, status: number, body: unknown): void {
  sendBody(response, status, 'application/json', `${JSON.stringify(body)}\n`, headers);
}

/** Sends a refusal of the API; the list may be empty (sdk/logical/response_util.go). */
export function sendErrors(exchange: Exchange, status: number, errors: readonly string[]): void {
  sendJson(exchange, status, { errors });
}
