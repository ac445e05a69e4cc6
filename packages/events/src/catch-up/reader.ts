import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions, Transport } from '@drawbridge/zitadel';
import { isRecord, readEvent, type ZitadelEvent } from '../event/index.ts';

/** Which events to read. */
export interface EventQuery {
  /** Exact types, at most 30. */
  readonly types: readonly string[];
  /** From this moment on, it included. */
  readonly since?: Date;
  /** Of one aggregate alone. */
  readonly aggregateId?: string;
  /** Kinds of aggregates, at most 10. */
  readonly aggregateTypes?: readonly string[];
  /** 1 to 1,000. Default 1,000. */
  readonly limit?: number;
}

/** Reads Zitadel's event store. A port: tests and emulations may give their own. */
export interface EventReader {
  /** One page, oldest first. */
  read(query: EventQuery, options?: CallOptions): Promise<readonly ZitadelEvent[]>;
}

/** Zitadel's own limits for one query. */
export const mostTypes = 30;
const mostAggregateTypes = 10;
export const mostEvents = 1_000;

/**
 * Makes the reader of an instance's event store, over ListEvents of the v1 admin API. Its service account needs
 * `events.read`, which IAM_OWNER_VIEWER has: give it one of its own that may do nothing else.
 *
 * @param transport of a Zitadel client whose service account may read events
 * @param instance id of the instance, which ListEvents does not say
 * @throws {DrawbridgeError} from `read`: `invalid_request` beyond Zitadel's limits, `invalid_response`, and what calls to
 * Zitadel throw
 * @see proto/zitadel/admin.proto ListEvents
 */
export function createEventReader(transport: Pick<Transport, 'rest'>, instance: string): EventReader {
  return {
    async read(query, options = {}) {
      checkQuery(query);
      const answer = await transport.rest(
        'POST',
        '/admin/v1/events/_search',
        {
          asc: true,
          limit: query.limit ?? mostEvents,
          eventTypes: query.types,
          ...(query.aggregateTypes ? { aggregateTypes: query.aggregateTypes } : {}),
          ...(query.aggregateId === undefined ? {} : { aggregateId: query.aggregateId }),
          ...(query.since ? { range: { since: query.since.toISOString() } } : {}),
        },
        { priority: 'low', ...options, repeatable: true },
      );
      const events = isRecord(answer) ? (answer.events ?? []) : undefined;
      if (!Array.isArray(events)) throw unreadable('The answer holds no list of events.');
      return events.map((event) => toEvent(event, instance));
    },
  };
}

/** Zitadel refuses more than this; an empty list of types would mean all of them. */
function checkQuery({ types, aggregateTypes = [], limit = mostEvents }: EventQuery): void {
  const fits =
    types.length > 0 &&
    types.length <= mostTypes &&
    aggregateTypes.length <= mostAggregateTypes &&
    Number.isInteger(limit) &&
    limit >= 1 &&
    limit <= mostEvents;
  if (fits) return;
  throw new DrawbridgeError('invalid_request', {
    message: `One query for events names 1 to ${mostTypes} types and ${mostAggregateTypes} kinds of aggregates at most, for ${mostEvents} events at most.`,
  });
}

function toEvent(value: unknown, instance: string): ZitadelEvent {
  if (!isRecord(value)) throw unreadable('An event is no object.');
  const aggregate = isRecord(value.aggregate) ? value.aggregate : {};
  const event = readEvent({
    instance,
    aggregateType: typeOf(aggregate.type),
    aggregateId: aggregate.id,
    // 64 bits travel as text; proto3 leaves zero out.
    sequence: Number(value.sequence ?? 0),
    type: typeOf(value.type),
    createdAt: value.creationDate,
    resourceOwner: aggregate.resourceOwner,
    editor: isRecord(value.editor) ? value.editor.userId : undefined,
    payload: value.payload,
  });
  if (!event) throw unreadable('An event lacks what makes it one.');
  return event;
}

function typeOf(value: unknown): unknown {
  return isRecord(value) ? value.type : undefined;
}

function unreadable(message: string): DrawbridgeError {
  return new DrawbridgeError('invalid_response', { message, where: '/admin/v1/events/_search' });
}
