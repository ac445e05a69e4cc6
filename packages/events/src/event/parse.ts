import { isRecord } from './bounded-json.ts';
import type { ZitadelEvent } from './event.ts';
import { redactPayload } from './redact.ts';

/**
 * The body of an event webhook as Zitadel writes it: camel and snake case are mixed.
 *
 * @see internal/repository/execution/queue.go, internal/execution/execution.go
 */
export interface EventBody {
  readonly aggregateID: string;
  readonly aggregateType: string;
  readonly resourceOwner: string;
  readonly instanceID: string;
  readonly version: string;
  readonly sequence: number;
  readonly event_type: string;
  /** RFC 3339, down to nanoseconds. */
  readonly created_at: string;
  /** Who caused it. */
  readonly userID: string;
  /** Absent where the event carries nothing. */
  readonly event_payload?: Readonly<Record<string, unknown>>;
}

/** Zitadel's ids are 1 to 200 characters; none of them holds a control character. */
const id = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const eventType = /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/;

/** Reads the body of an event webhook; undefined when it is none. Secrets in the payload are replaced. */
export function readEventBody(body: unknown): ZitadelEvent | undefined {
  if (!isRecord(body)) return undefined;
  return readEvent({
    instance: body.instanceID,
    aggregateType: body.aggregateType,
    aggregateId: body.aggregateID,
    sequence: body.sequence,
    type: body.event_type,
    createdAt: body.created_at,
    resourceOwner: body.resourceOwner,
    editor: body.userID,
    payload: body.event_payload,
  });
}

/** The fields of an event from wherever they came, none of them trusted. */
export type LooseEvent = { readonly [Field in keyof ZitadelEvent]: unknown };

/** Makes an event of loose fields; undefined when they are not those of an event. */
export function readEvent(loose: LooseEvent): ZitadelEvent | undefined {
  const { instance, aggregateType, aggregateId, sequence, type, createdAt, payload } = loose;
  if (!isId(instance) || !isId(aggregateType) || !isId(aggregateId)) return undefined;
  if (typeof type !== 'string' || type.length > 200 || !eventType.test(type)) return undefined;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) return undefined;
  const at = readTime(createdAt);
  if (!at) return undefined;
  const resourceOwner = optionalId(loose.resourceOwner);
  const editor = optionalId(loose.editor);
  if (resourceOwner === undefined || editor === undefined) return undefined;
  if (payload !== undefined && payload !== null && !isRecord(payload)) return undefined;
  return {
    instance,
    aggregateType,
    aggregateId,
    sequence,
    type,
    createdAt: at,
    resourceOwner,
    editor,
    payload: isRecord(payload) ? redactPayload(payload) : undefined,
  };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && id.test(value);
}

/** proto3 and Go leave empty fields out. */
function optionalId(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return '';
  return isId(value) ? value : undefined;
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function readTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !rfc3339.test(value)) return undefined;
  const date = new Date(value);
  return date.getTime() >= 0 ? date : undefined;
}
