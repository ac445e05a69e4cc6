import type { EventPayloads } from './payloads.ts';

/** The kinds of things that have events of their own. */
export type AggregateType =
  | 'instance'
  | 'org'
  | 'user'
  | 'project'
  | 'usergrant'
  | 'session'
  | 'oidc_session'
  | 'session_logout'
  | 'web_key'
  | 'target'
  | 'execution';

export type EventType = keyof EventPayloads;

/** What a command wants to have happened; the log adds when and in which place. */
export interface Draft<T extends EventType = EventType> {
  readonly type: T;
  readonly aggregateType: AggregateType;
  readonly aggregateId: string;
  /** The organization (or, for the instance's own, the instance) that owns the aggregate. */
  readonly resourceOwner: string;
  readonly payload: EventPayloads[T];
}

/** One thing that happened. `sequence` counts within its aggregate (internal/eventstore/v3/sequence.go). */
export interface StoredEvent<T extends EventType = EventType> extends Draft<T> {
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** User id of the caller; empty for what the instance did on its own. */
  readonly editor: string;
}

/** Any event, discriminated by its type. */
export type AnyEvent = { [T in EventType]: StoredEvent<T> }[EventType];

/** Any draft, discriminated by its type. */
export type AnyDraft = { [T in EventType]: Draft<T> }[EventType];
