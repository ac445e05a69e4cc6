import { createHmac, timingSafeEqual } from 'node:crypto';
import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import { hashOf } from './cookies.ts';

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method may change something. */
function isUnsafe(method: string): boolean {
  return !safe.has(method);
}

/** The token that a page of the session has to send. It follows from the cookie, which no page can read, and not back. */
export function csrfTokenOf(cookie: string): string {
  return createHmac('sha256', cookie).update('drawbridge csrf').digest('base64url');
}

/**
 * Refuses an unsafe request that a page of another site may have caused: the token has to be right, and what the browser
 * says of where the request comes from must not speak against it.
 *
 * @throws {DrawbridgeError} `csrf_refused`
 * @see W3C Fetch Metadata; RFC 6454
 */
export function requireOwnPage(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  csrfHash: string,
  origin: string,
): void {
  if (!isUnsafe(method)) return;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw refused('It comes from a page of another site.');
  if (headers.origin !== undefined && headers.origin !== origin) {
    throw refused('Its Origin is not that of the console.');
  }
  const token = headers['x-csrf-token'];
  const given = Buffer.from(hashOf(typeof token === 'string' ? token : ''));
  const expected = Buffer.from(csrfHash);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refused('Its X-CSRF-Token is not that of the session.');
  }
}

function refused(why: string): DrawbridgeError {
  return new DrawbridgeError('csrf_refused', { message: `The request is refused. ${why}` });
}
