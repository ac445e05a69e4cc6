import type { ColumnType, Generated } from 'kysely';

/** A jsonb column: read as a value, written as text. */
type Json<T> = ColumnType<T, string | null, string | null>;
/** A timestamptz column. */
type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null, Date | null>;
/** A bigint column: drivers give text, number or bigint, so it is read through `Number`. */
type Count = ColumnType<string | number | bigint, number, number>;

/** `events_inbox`: every event we know of, once. */
export interface InboxTable {
  /** In the order of arrival. */
  position: Generated<string | number | bigint>;
  instance: string;
  aggregate_type: string;
  aggregate_id: string;
  sequence: Count;
  event_type: string;
  created_at: Time;
  resource_owner: string;
  editor: string;
  payload: Json<Record<string, unknown> | null>;
  received_at: Time;
  source: 'webhook' | 'catchup';
}

/** `events_consumers`: which consumer wants which exact event types. */
export interface ConsumerTable {
  instance: string;
  consumer: string;
  event_type: string;
}

/** `events_deliveries`: what a consumer has still to apply; the row goes in the transaction that applies it. */
export interface DeliveryTable {
  instance: string;
  consumer: string;
  aggregate_type: string;
  aggregate_id: string;
  sequence: Count;
  position: Count;
  created_at: Time;
  state: 'waiting' | 'set_aside';
  attempts: ColumnType<number, number | undefined, number>;
  next_try_at: MaybeTime;
  reason: string | null;
}

/** `events_cursors`: up to when the events of a type have been read from the event store. */
export interface CursorTable {
  instance: string;
  event_type: string;
  through: Time;
}

/** `events_instances`: how far the inbox is known to be complete. */
export interface InstanceTable {
  instance: string;
  /** Rises when a new event type is wanted: what was complete before is not complete for it. */
  generation: ColumnType<number, number | undefined, number>;
  /** Up to this position nothing earlier of the same aggregate is missing. */
  confirmed_position: ColumnType<string | number | bigint, number | undefined, number>;
  /** When the newest complete pass over the event store began. */
  caught_up_at: MaybeTime;
}

/** `events_revocations`: tokens issued before a moment are not accepted. */
export interface RevocationTable {
  instance: string;
  kind: 'user' | 'session' | 'unresolved';
  id: string;
  not_before: Time;
  reason: string;
  /** By the database's clock, which all replicas share. */
  recorded_at: ColumnType<Date, never, never>;
}

/** The tables of this package, for Kysely. Their names begin with `events_`. */
export interface EventsSchema {
  events_inbox: InboxTable;
  events_consumers: ConsumerTable;
  events_deliveries: DeliveryTable;
  events_cursors: CursorTable;
  events_instances: InstanceTable;
  events_revocations: RevocationTable;
}
