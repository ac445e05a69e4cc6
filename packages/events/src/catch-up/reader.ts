import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions, Events } from '@drawbridge/zitadel';
import { readEvent, type ZitadelEvent } from '../event/index.ts';

/** Which events to read. */
export interface EventQuery {
  /** Exact types, 1 to 30. */
  readonly types: readonly string[];
  /** From this moment on. */
  readonly since?: Date;
  /** Of one aggregate alone. */
  readonly aggregateId?: string;
  /** 2 to 1,000. Default 1,000. */
  readonly limit?: number;
}

/** Reads Zitadel's event store. A port: tests may give their own. */
export interface EventReader {
  /** One page, oldest first; fewer events than asked for are the last there are. */
  read(query: EventQuery, options?: CallOptions): Promise<readonly ZitadelEvent[]>;
}

/** Zitadel's own limits for one query. */
export const mostTypes = 30;
export const mostEvents = 1_000;

/**
 * Makes the reader of an instance's event store. Its service account needs `events.read`, which IAM_OWNER_VIEWER has:
 * give it one of its own that may do nothing else.
 *
 * @param events of a Zitadel client whose service account may read events
 * @param instance id of the instance, which the event store does not say
 * @throws {DrawbridgeError} from `read`: `invalid_request` beyond Zitadel's limits, `invalid_response`, and what calls to
 * Zitadel throw
 */
export function createEventReader(events: Pick<Events, 'list'>, instance: string): EventReader {
  return {
    async read({ types, since, aggregateId, limit = mostEvents }, options = {}) {
      if (types.length === 0 || types.length > mostTypes) {
        // An empty list would mean all types.
        throw new DrawbridgeError('invalid_request', {
          message: `One query for events names 1 to ${mostTypes} types.`,
        });
      }
      const filter = {
        eventTypes: types,
        ...(since ? { since: since.toISOString() } : {}),
        ...(aggregateId === undefined ? {} : { aggregateId }),
      };
      const found: ZitadelEvent[] = [];
      for await (const stored of events.list(filter, { priority: 'low', ...options, pageSize: limit })) {
        const event = readEvent({
          ...stored,
          instance,
          sequence: Number(stored.sequence),
          editor: stored.editorUserId,
          payload: stored.payload,
        });
        if (!event)
          throw new DrawbridgeError('invalid_response', {
            message: 'An event of Zitadel has fields that none has.',
          });
        found.push(event);
        // One page and no more: where the next one begins is decided with what is stored already.
        if (found.length === limit) break;
      }
      return found;
    },
  };
}
