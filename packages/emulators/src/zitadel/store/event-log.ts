import type { Clock } from '@drawbridge/kit';
import type { Journal } from '../../shared/index.ts';
import { RpcError } from '../errors.ts';
import type { AnyDraft, AnyEvent } from './event.ts';

/**
 * The events of one instance, in order. It is the state: everything else is computed from it and can be thrown away.
 * Appending is synchronous, so a command's checks and its events cannot be torn apart by another command.
 */
export class EventLog {
  readonly #clock: Clock;
  readonly #events: AnyEvent[] = [];
  readonly #recordedAt: number[] = [];
  readonly #sequences = new Map<string, number>();
  readonly #listeners = new Set<(events: readonly AnyEvent[]) => void>();
  readonly #journal: Journal<AnyEvent> | undefined;
  #newest = 0;

  constructor(clock: Clock, journal?: Journal<AnyEvent>, replay: Iterable<AnyEvent> = []) {
    this.#clock = clock;
    this.#journal = journal;
    for (const event of replay) this.#keep(event, 0);
  }

  /** How many events there are; also the position of the next one. */
  get length(): number {
    return this.#events.length;
  }

  /** When the newest event happened, in milliseconds since the epoch. */
  get newest(): number {
    return this.#newest;
  }

  at(position: number): AnyEvent | undefined {
    return this.#events[position];
  }

  /** When this process recorded the event; 0 for one read back from disk, which no projection lags behind. */
  recordedAt(position: number): number {
    return this.#recordedAt[position] ?? 0;
  }

  /** All events from a position on. */
  *from(position = 0): Generator<AnyEvent> {
    for (let at = position; at < this.#events.length; at++) {
      const event = this.#events[at];
      if (event) yield event;
    }
  }

  /** Appends one transaction: all of its events or none. */
  append(editor: string, drafts: readonly AnyDraft[], now: number): readonly AnyEvent[] {
    // Time in the log never runs backwards, however the clock is turned.
    const createdAt = Math.max(now, this.#newest);
    const next = new Map<string, number>();
    const events = drafts.map((draft) => {
      const key = aggregateKey(draft);
      const sequence = (next.get(key) ?? this.#sequences.get(key) ?? 0) + 1;
      next.set(key, sequence);
      return { ...draft, sequence, createdAt, editor } as AnyEvent;
    });
    try {
      this.#journal?.append(events);
    } catch {
      // What cannot be kept did not happen. Whoever waits for the disk is told why.
      throw new RpcError('internal', 'Errors.Internal');
    }
    const recordedAt = this.#clock.now();
    for (const event of events) this.#keep(event, recordedAt);
    for (const listener of this.#listeners) listener(events);
    return events;
  }

  /** Resolves when everything appended so far will survive a crash. */
  async flushed(): Promise<void> {
    await this.#journal?.flushed();
  }

  /** Calls `listener` after each transaction; returns the way to stop. */
  subscribe(listener: (events: readonly AnyEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #keep(event: AnyEvent, recordedAt: number): void {
    this.#events.push(event);
    this.#recordedAt.push(recordedAt);
    this.#sequences.set(aggregateKey(event), event.sequence);
    if (event.createdAt > this.#newest) this.#newest = event.createdAt;
  }
}

function aggregateKey(event: { readonly aggregateType: string; readonly aggregateId: string }): string {
  return `${event.aggregateType}/${event.aggregateId}`;
}
