import { createHash } from 'node:crypto';
import { type Clock, DrawbridgeError, type HttpServer } from '@drawbridge/kit';
import type { RelayPaths } from './discovery.ts';
import type { Copy, Keeper } from './keeper.ts';

type App = HttpServer['app'];

export interface RelayRoutesOptions {
  readonly paths: RelayPaths;
  readonly keeper: Pick<Keeper, 'current'>;
  readonly clock: Clock;
}

/** Adds the two documents, each for GET and HEAD. Nothing else of the issuer is to be had here. */
export function addRelayRoutes(app: App, { paths, keeper, clock }: RelayRoutesOptions): void {
  const documents: readonly [string, (copy: Copy) => string][] = [
    [paths.discovery, ({ discovery }) => discovery],
    [paths.keys, ({ keys }) => keys],
  ];
  for (const [path, bodyOf] of documents) {
    app.get(path, async ({ headers }, reply) => {
      const copy = keeper.current();
      if (!copy) {
        throw new DrawbridgeError('unreachable', {
          message: 'The issuer could not be read, and there is no copy that is young enough.',
        });
      }
      const body = bodyOf(copy);
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      const ageMs = Math.max(0, clock.now() - copy.readAt);
      void reply
        .header('etag', etag)
        // Age is what RFC 9111 counts off max-age: a copy past its time is stale for caches behind this one as well.
        .header('age', Math.floor(ageMs / 1_000))
        .header('cache-control', `public, max-age=${Math.floor(copy.freshMs / 1_000)}, must-revalidate`)
        .header('x-content-type-options', 'nosniff');
      if (matches(headers['if-none-match'], etag)) return reply.status(304).send();
      return reply.header('content-type', 'application/json').serializer(String).send(body);
    });
  }
}

/** Whether a caller has this version already; compared weakly, as RFC 9110 section 13.1.2 wants it. */
function matches(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  return given.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}
