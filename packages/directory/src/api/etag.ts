import { createHash } from 'node:crypto';
import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const form = /^"v(\d{1,9})(?:\.[\w-]{1,40})?"$/;

/**
 * The version that `If-Match` names; nothing where it names any. Only the version of a tag counts, so that what is merely
 * observed of a row (when it was last seen in Zitadel) makes no conflict; `"v3"` alone is taken as well.
 *
 * @throws {DrawbridgeError} `precondition_failed` where it names something that no row of ours ever had
 * @see RFC 9110 section 13.1.1
 */
export function versionOf({ headers }: Pick<FastifyRequest, 'headers'>): number | undefined {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  const version = form.exec(header)?.[1];
  if (version === undefined) throw new DrawbridgeError('precondition_failed');
  return Number(version);
}

/** The tag of one thing as it is answered: `"v{version}.{hash of the body}"`. */
function etagOf(version: number, body: string): string {
  return `"v${version}.${createHash('sha256').update(body).digest('base64url').slice(0, 12)}"`;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Of the one thing that the answer is, where that has one. */
    version: number | undefined;
  }
}

/**
 * Gives every answer that is one thing with a `version` its ETag, and answers 304 to whoever has it already.
 *
 * @see RFC 9110 section 13.1.2
 */
export function addEtags(app: FastifyInstance): void {
  app.decorateReply('version', undefined);
  app.addHook('preSerialization', (_request, reply, payload, done) => {
    const { version } = (payload ?? {}) as { readonly version?: unknown };
    if (typeof version === 'number' && Number.isInteger(version)) reply.version = version;
    done(null, payload);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.version === undefined || reply.statusCode !== 200 || typeof payload !== 'string') {
      done(null, payload);
      return;
    }
    const tag = etagOf(reply.version, payload);
    // Kept for its caller alone, and asked about each time.
    void reply.header('etag', tag).header('cache-control', 'private, no-cache');
    void reply.header('vary', 'authorization, cookie');
    if (request.method === 'GET' && matches(request.headers['if-none-match'], tag)) {
      void reply.status(304).removeHeader('content-length').removeHeader('content-type');
      done(null, '');
    } else done(null, payload);
  });
}

/** Weak comparison, as If-None-Match wants it. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
