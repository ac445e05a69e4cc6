import type { FastifyInstance } from 'fastify';
import { DrawbridgeError } from '../errors/index.ts';

/** Replaces fastify's JSON parser by itself behind a limit on nesting, which recursion further in would choke on. */
export function limitJson(app: FastifyInstance, maxDepth: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (depthOf(text, maxDepth) > maxDepth) {
      done(
        new DrawbridgeError('invalid_request', {
          message: `The body is nested more than ${maxDepth} levels deep.`,
        }),
      );
      return;
    }
    void parse(request, text, done);
  });
}

/** Deepest nesting of a JSON text, counted up to just over `limit`. Brackets inside strings do not count. */
function depthOf(text: string, limit = Number.POSITIVE_INFINITY): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length && deepest <= limit; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === 0x5c) at++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x7d || char === 0x5d) depth--;
  }
  return deepest;
}
