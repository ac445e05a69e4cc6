import { DrawbridgeError } from '@drawbridge/kit';
import { toNanos } from './moment.ts';

/** One event as Zitadel's event store gives it. */
export interface StoredEvent {
  /** As in `user.human.added`. */
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** The organization (or instance) it belongs to. */
  readonly resourceOwner: string;
  /** Decimal; counts within the aggregate, so it does not order events of different ones. */
  readonly sequence: string;
  /** RFC 3339, as precise as Zitadel sent it: compare it as text, not as a `Date`. */
  readonly createdAt: string;
  /** Who caused it; empty for Zitadel itself. */
  readonly editorUserId: string;
  /** Absent where the event has none. May hold personal data and password hashes: not for logs. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/**
 * Reads an event as the REST form of the first API has it.
 *
 * @throws {DrawbridgeError} `invalid_response` naming what is missing; never what was there
 */
export function readEvent(value: unknown): StoredEvent {
  const event = record(value);
  const aggregate = record(event.aggregate);
  const payload = event.payload;
  return {
    type: text(record(event.type).type, 'type'),
    aggregateType: text(record(aggregate.type).type, 'aggregate type'),
    aggregateId: text(aggregate.id, 'aggregate id'),
    resourceOwner: optional(aggregate.resourceOwner),
    sequence: text(event.sequence, 'sequence'),
    createdAt: moment(event.creationDate),
    editorUserId: optional(record(event.editor).userId),
    ...(typeof payload === 'object' && payload !== null ? { payload: record(payload) } : {}),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Known to be a time here, so that nothing that compares it later can fail. */
function moment(value: unknown): string {
  const found = text(value, 'creation date');
  try {
    toNanos(found);
    return found;
  } catch {
    throw new DrawbridgeError('invalid_response', {
      message: 'An event of Zitadel has a date that is none.',
    });
  }
}

function optional(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new DrawbridgeError('invalid_response', { message: `An event of Zitadel lacks its ${what}.` });
}
