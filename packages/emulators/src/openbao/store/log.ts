import type { Journal } from '../../shared/index.ts';
import type { OpenbaoDraft, OpenbaoEvent } from './events.ts';
import { State } from './state.ts';

/**
 * The events of one OpenBao, in order. They are the state: the tables beside them are computed and can be thrown away. Appending is
 * synchronous, so what a request checks and what it does cannot be torn apart by another request.
 */
export class EventLog {
  readonly state = new State();
  readonly #events: OpenbaoEvent[] = [];
  readonly #journal: Journal<OpenbaoEvent> | undefined;

  constructor(journal?: Journal<OpenbaoEvent>, replay: Iterable<OpenbaoEvent> = []) {
    this.#journal = journal;
    for (const event of replay) this.#keep(event);
  }

  /** All events, oldest first. */
  get events(): readonly OpenbaoEvent[] {
    return this.#events;
  }

  /** Appends what belongs together: all of it or nothing. */
  append(at: number, drafts: readonly OpenbaoDraft[]): void {
    if (drafts.length === 0) return;
    const events = drafts.map((draft, index) => ({
      ...draft,
      sequence: this.#events.length + index + 1,
      at,
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

  #keep(event: OpenbaoEvent): void {
    this.#events.push(event);
    this.state.apply(event);
  }
}
