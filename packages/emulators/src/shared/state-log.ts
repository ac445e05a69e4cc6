import type { Journal } from './journal.ts';

/** An event as it is kept: 1 is the first of its log. */
type Numbered<Draft, Stamp> = Draft & Stamp & { readonly sequence: number };

/** Tables that are computed from events. */
interface Tables<Event> {
  apply(event: Event): void;
}

/**
 * The events of one server, in order. They are the state: the tables beside them are computed and can be thrown away. Appending is
 * synchronous, so what a request checks and what it does cannot be torn apart by another request.
 */
export class StateLog<Draft, Stamp, State extends Tables<Numbered<Draft, Stamp>>> {
  readonly state: State;
  readonly #events: Numbered<Draft, Stamp>[] = [];
  readonly #journal: Journal<Numbered<Draft, Stamp>> | undefined;

  /** @param replay what the journal held */
  constructor(
    state: State,
    journal?: Journal<Numbered<Draft, Stamp>>,
    replay: Iterable<Numbered<Draft, Stamp>> = [],
  ) {
    this.state = state;
    this.#journal = journal;
    for (const event of replay) this.#keep(event);
  }

  /** All events, oldest first. */
  get events(): readonly Numbered<Draft, Stamp>[] {
    return this.#events;
  }

  /** Appends what belongs together: all of it or nothing. */
  append(stamp: Stamp, drafts: readonly Draft[]): void {
    if (drafts.length === 0) return;
    const events = drafts.map((draft, index) => ({
      ...draft,
      sequence: this.#events.length + index + 1,
      ...stamp,
    }));
    this.#journal?.append(events);
    for (const event of events) this.#keep(event);
  }

  /** Resolves when everything appended so far will survive a crash. */
  async flushed(): Promise<void> {
    await this.#journal?.flushed();
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  #keep(event: Numbered<Draft, Stamp>): void {
    this.#events.push(event);
    this.state.apply(event);
  }
}
