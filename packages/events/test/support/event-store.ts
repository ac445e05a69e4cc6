import type { EventQuery, EventReader, ZitadelEvent } from '@drawbridge/events';

/** Zitadel's event store in memory, with the limits of ListEvents. */
export class EventStore implements EventReader {
  readonly events: ZitadelEvent[] = [];
  readonly queries: EventQuery[] = [];
  /** Thrown by reads while it is set. */
  failure: Error | undefined;
  /** Called before a read answers: what else happens meanwhile. */
  meanwhile: () => Promise<void> = async () => undefined;

  async read(query: EventQuery): Promise<readonly ZitadelEvent[]> {
    this.queries.push(query);
    if (this.failure) throw this.failure;
    const found = this.events
      .filter(({ type, createdAt, aggregateId }) => {
        const inType = query.types.includes(type);
        const inTime = createdAt.getTime() >= (query.since?.getTime() ?? 0);
        return inType && inTime && (query.aggregateId ?? aggregateId) === aggregateId;
      })
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
      .slice(0, query.limit ?? 1_000);
    await this.meanwhile();
    return found;
  }
}
