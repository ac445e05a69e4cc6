import { type Clock, DrawbridgeError, type Logger } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Change, type ChangeFeed, formatPosition, parsePosition } from '../live/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { callerOf } from './access.ts';
import { type Caller, nothingHere, type Permission } from './caller.ts';
import { EventStream } from './event-stream.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

export interface LiveOptions {
  readonly feed: ChangeFeed;
  /** Who the request's caller is now; a session that has ended or rights that were taken away end the stream. */
  readonly identify: (request: FastifyRequest) => Promise<Caller>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const retryMs = 2_000;
const heartbeatMs = 15_000;
const recheckMs = 30_000;
/** Streams that one caller may have open: each tab of a browser has one. */
const mostPerCaller = 20;

const needed: Readonly<Record<Change['kind'], Permission>> = {
  user: 'users.read',
  run: 'runs.read',
  sweep: 'sweeps.read',
  import: 'users.read',
};

const query = z.strictObject({
  organization: z.string().min(1).max(200).optional().describe('Id or slug; without it, all I may see.'),
});
// A browser sends the header by itself when it connects again.
const headers = z.object({
  'last-event-id': z
    .string()
    .max(60)
    .optional()
    .describe('Where a former stream ended; what came since is told.'),
});

/** `GET /api/events`: what has changed, as it happens. */
export function liveRoutes(app: Api, services: ApiServices, options: LiveOptions): void {
  const { database, closing } = services;
  const { feed, identify, clock, logger } = options;
  const open = new Map<string, number>();
  const count = (subject: string, by: number) => {
    const left = (open.get(subject) ?? 0) + by;
    if (left > 0) open.set(subject, left);
    else open.delete(subject);
  };

  app.route({
    method: 'GET',
    url: '/api/events',
    config: { access: { kind: 'signed-in' } },
    schema: {
      summary: 'Follow what changes',
      description: [
        'Server-sent events `user`, `run`, `sweep` and `import`, whose data is `{id, organizationId}`: read again what you',
        'show of it. A user is told of in every organization they belong to. `reset` says that too much was missed: read everything again. Ids resume by Last-Event-ID for an hour.',
      ].join(' '),
      querystring: query,
      headers,
      produces: ['text/event-stream', 'application/problem+json'],
      response: { 200: z.unknown(), ...schemas.problems },
    },
    handler: async (request, reply) => {
      let caller = callerOf(request);
      const { organization } = request.query;
      const only =
        organization === undefined ? undefined : (await findOrganization(database, organization))?.id;
      if (organization !== undefined && (only === undefined || !seesOrganization(caller, only)))
        throw new DrawbridgeError('not_found', { message: nothingHere });
      if ((open.get(caller.subject) ?? 0) >= mostPerCaller) {
        throw new DrawbridgeError('rate_limited', {
          message: `More than ${mostPerCaller} streams of one caller.`,
          fix: 'Close some of them.',
        });
      }
      const stream = new EventStream();
      const ended = new AbortController();
      const { subject } = caller;
      count(subject, 1);
      const end = () => stream.end();
      closing.addEventListener('abort', end, { once: true });
      stream.once('close', () => {
        count(subject, -1);
        ended.abort();
        closing.removeEventListener('abort', end);
      });
      try {
        stream.retry(retryMs);
        const lastId = request.headers['last-event-id'];
        const since = lastId === undefined ? undefined : parsePosition(lastId);
        if (lastId !== undefined && !since) stream.event('reset', {});
        const subscription = await feed.subscribe(
          {
            changed: (changes) => tell(stream, changes, (change) => sees(caller, change, only)),
            reset: () => stream.event('reset', {}),
          },
          since,
        );
        if (ended.signal.aborted) subscription.close();
        else stream.once('close', subscription.close);
        if (stream.lastId === undefined) stream.place(formatPosition(subscription.from));
      } catch (error) {
        stream.destroy();
        throw error;
      }
      const every = (ms: number, work: () => void | Promise<void>) => repeat(clock, ms, ended.signal, work);
      void every(heartbeatMs, () => stream.heartbeat());
      void every(recheckMs, async () => {
        try {
          caller = await identify(request);
        } catch (error) {
          // Whatever it was, an outage as well: who cannot be proved any more is told nothing more.
          logger.info(
            { component: 'live', code: DrawbridgeError.from(error).code },
            'a live stream has ended',
          );
          stream.end();
        }
      });
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream);
    },
  });
}

/** Tells of each object once in each organization, however often it has changed since the last time. */
function tell(stream: EventStream, changes: readonly Change[], sees: (change: Change) => boolean): void {
  const last = new Map<string, Change>();
  for (const change of changes) {
    if (!sees(change)) continue;
    const key = `${change.kind} ${change.objectId} ${change.organizationId ?? ''}`;
    // At its end, so that ids go up.
    last.delete(key);
    last.set(key, change);
  }
  for (const change of last.values()) {
    const { kind, objectId: id, organizationId } = change;
    stream.event(kind, { id, organizationId }, formatPosition(change));
  }
}

function seesOrganization({ siteAdministrator, permissions }: Caller, organizationId: string): boolean {
  return siteAdministrator || permissions.has(organizationId);
}

/** What concerns the whole site is for site administrators; the rest for who may read it there. */
function sees(caller: Caller, { kind, organizationId }: Change, only: string | undefined): boolean {
  if (only !== undefined && organizationId !== only) return false;
  if (caller.siteAdministrator) return true;
  return organizationId !== null && (caller.permissions.get(organizationId)?.has(needed[kind]) ?? false);
}

async function repeat(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: () => void | Promise<void>,
): Promise<void> {
  for (;;) {
    await clock.sleep(ms, signal, { background: true }).catch(() => undefined);
    if (signal.aborted) return;
    await work();
  }
}
