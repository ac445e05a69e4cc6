/** What an event carries; secrets in it are replaced before anyone sees it. */
export type EventPayload = Readonly<Record<string, unknown>>;

/** One thing that happened in Zitadel, however we came to know of it. */
export interface ZitadelEvent {
  /** Id of the instance. */
  readonly instance: string;
  /** What it happened to: `user`, `org`, `session`, `usergrant` and so on. */
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** Counts within the aggregate; there is no count over all of them. */
  readonly sequence: number;
  /** Exact type, such as `user.deactivated`. */
  readonly type: string;
  /** When Zitadel wrote it. */
  readonly createdAt: Date;
  /** Organization that owns the aggregate; the instance's id for its own. */
  readonly resourceOwner: string;
  /** User id of who caused it; empty for what Zitadel did by itself. */
  readonly editor: string;
  readonly payload: EventPayload | undefined;
}

/** How we came to know of an event. */
export type EventSource = 'webhook' | 'catchup';
