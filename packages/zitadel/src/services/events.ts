import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import { fromNanos, microsecond, toNanos } from './moment.ts';
import { readEvent, type StoredEvent } from './stored-event.ts';

/** Which events to read. Lists hold at most 30 event types and 10 aggregate types. */
export interface EventFilter {
  /** From this moment on, itself included, RFC 3339. Default: the beginning. */
  readonly since?: string;
  /** Up to this moment, itself included, RFC 3339. Default: now, as it moves. */
  readonly until?: string;
  readonly eventTypes?: readonly string[];
  readonly aggregateTypes?: readonly string[];
  readonly aggregateId?: string;
  /** The organization (or instance) that the events belong to. */
  readonly resourceOwner?: string;
  readonly editorUserId?: string;
}

/** What reading events may be told. */
export interface EventOptions extends CallOptions {
  /** Events a call, 2 to 1,000. Default 1,000. */
  readonly pageSize?: number;
}

/** Zitadel's event store: what happened, the oldest first. Needs `events.read` on the instance. */
export interface Events {
  /**
   * Walks the events, page by page as they are needed. Each event comes once in one walk, also where several share a
   * moment across two pages.
   *
   * An event gets its time when its transaction begins, and is seen when that ends: one that comes late may lie before
   * those already read. So a reader that goes on where it ended has to start some seconds earlier and know what it had,
   * by aggregate and sequence.
   *
   * @throws {DrawbridgeError} `zitadel_forbidden`; `response_too_large` where one moment holds more events than a page
   * @example
   * ```ts
   * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
   *
   * const zitadel = createZitadel({
   *   issuer: 'https://sso.acme.example',
   *   credentials: serviceAccountFile('/etc/drawbridge/key.json'),
   * });
   * const since = new Date(Date.now() - 3_600_000).toISOString();
   * for await (const event of zitadel.events.list({ since, aggregateTypes: ['user'] })) {
   *   console.log(event.createdAt, event.type, event.aggregateId);
   * }
   * ```
   */
  list(filter?: EventFilter, options?: EventOptions): AsyncIterable<StoredEvent>;
}

const path = '/admin/v1/events/_search';
const largestPage = 1_000;

/**
 * The event store of an instance, over its transport.
 *
 * @see proto/zitadel/admin.proto, ListEvents; internal/api/grpc/admin/event.go
 */
export function createEvents(transport: Transport): Events {
  return {
    list: (filter = {}, { pageSize = largestPage, ...call } = {}) => {
      if (!Number.isInteger(pageSize) || pageSize < 2 || pageSize > largestPage) {
        throw new DrawbridgeError('invalid_request', {
          message: `A page has 2 to ${largestPage} events.`,
          saw: String(pageSize),
        });
      }
      return walk(transport, filter, pageSize, call);
    },
  };
}

/**
 * Each page begins at the very moment of the last event of the one before. There is no other cursor: Zitadel's sequence
 * counts within an aggregate, and its global position is not told. Zitadel takes both ends of a range as strictly beyond
 * them, so that they are sent a microsecond wider, and what that lets in is dropped.
 */
async function* walk(
  transport: Transport,
  { since, until, ...filter }: EventFilter,
  limit: number,
  call: CallOptions,
): AsyncGenerator<StoredEvent> {
  let from = since === undefined ? undefined : toNanos(since);
  const end = until === undefined ? {} : { until: fromNanos(toNanos(until) + microsecond) };
  let seen = new Map<string, bigint>();
  for (;;) {
    const range = { ...(from === undefined ? {} : { since: fromNanos(from - microsecond) }), ...end };
    const body = { ...filter, asc: true, limit, ...(Object.keys(range).length > 0 ? { range } : {}) };
    const answer = await transport.rest('POST', path, body, { ...call, repeatable: true });
    const page = readPage(answer);
    const begin = from;
    const fresh = page.filter(
      (event) => !seen.has(keyOf(event)) && (begin === undefined || toNanos(event.createdAt) >= begin),
    );
    yield* fresh;
    const last = page.at(-1);
    if (page.length < limit || last === undefined) return;
    if (fresh.length === 0) {
      throw new DrawbridgeError('response_too_large', {
        message: `More than ${limit} events of Zitadel have the same time, so that they cannot be paged.`,
        saw: last.createdAt,
        fix: 'Read them by fewer event types or aggregates.',
      });
    }
    const latest = toNanos(last.createdAt);
    // Pages follow the order of transactions, in which times may step back a little.
    const again = [...seen, ...page.map((event) => [keyOf(event), toNanos(event.createdAt)] as const)];
    seen = new Map(again.filter(([, moment]) => moment >= latest));
    from = latest;
  }
}

function readPage(answer: unknown): readonly StoredEvent[] {
  const events = typeof answer === 'object' && answer !== null && 'events' in answer ? answer.events : [];
  if (Array.isArray(events)) return events.map((event: unknown) => readEvent(event));
  throw new DrawbridgeError('invalid_response', {
    message: 'The answer holds no list of events.',
    where: path,
  });
}

function keyOf({ aggregateType, aggregateId, sequence }: StoredEvent): string {
  return JSON.stringify([aggregateType, aggregateId, sequence]);
}
