import type { IncomingMessage } from 'node:http';
import { type Exchange, readUpTo, sendBody } from '../../shared/index.ts';

/** Largest body taken. Upstream sets no limit of its own. */
const maxBodyBytes = 4 * 1024 * 1024;

/** Reads a whole body as text; undefined where it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  return (await readUpTo(request, maxBodyBytes))?.toString('utf8');
}

export function sendPlain({ response }: Exchange, status: number, text: string): void {
  sendBody(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

/** Sends an answer of the API, with a line feed at its end as Go's encoder writes it. */
export function sendJson({ response }: Exchange, status: number, body: unknown): void {
  sendBody(response, status, 'application/json; charset=UTF-8', `${JSON.stringify(body)}\n`);
}

/** Sends a refusal of the API: its text, and the status once more (shared/management/http/util/util.go). */
export function sendRefusal(exchange: Exchange, status: number, message: string): void {
  sendJson(exchange, status, { message, code: status });
}

/** Sends what Go's router sends for a path or a method that is not served. */
export function sendNotServed({ response }: Exchange): void {
  const headers = { 'x-content-type-options': 'nosniff' };
  sendBody(response, 404, 'text/plain; charset=utf-8', '404 page not found\n', headers);
}
