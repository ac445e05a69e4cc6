import { type Clock, DrawbridgeError, type Logger } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';
import {
  type Change,
  oldestPosition,
  pageSize,
  presentPosition,
  readChanges,
  trimChanges,
} from './change-log.ts';
import { isAfter, type Position } from './position.ts';

export interface ChangeFeedOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between two looks at the table, in milliseconds. Default 200. */
  readonly pollMs?: number;
  /** How long an entry is kept, in milliseconds. Default 1 h. */
  readonly keepMs?: number;
}

/** Who is told of changes, in their order. */
export interface Listener {
  /** Changes since the last call. */
  changed(changes: readonly Change[]): void;
  /** What was asked for is no longer kept: everything shown has to be read again. */
  reset(): void;
}

/** One listener's place in the feed. */
export interface Subscription {
  /** Where the listener is, once it has been told what it had missed. */
  readonly from: Position;
  close(): void;
}

interface Entry {
  readonly listener: Listener;
  /** What comes while the listener is still told what it had missed. */
  waiting: Change[] | undefined;
}

/**
 * Tells everybody in this process who listens what has changed, from one reader of the table `changes`, which reads only
 * while somebody listens. Several processes each have their own and share nothing but the table.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #entries = new Set<Entry>();
  #reader: { readonly stop: AbortController; at: Promise<{ position: Position }> } | undefined;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  /** How many listen. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Listens from now on, and first to what came after `since`.
   *
   * @throws {DrawbridgeError} `database_unavailable`
   */
  async subscribe(listener: Listener, since?: Position): Promise<Subscription> {
    const entry: Entry = { listener, waiting: [] };
    this.#entries.add(entry);
    const close = () => this.#remove(entry);
    try {
      this.#reader ??= this.#read();
      // Whatever the reader finds from here on waits in the entry.
      const { position } = await this.#reader.at;
      const from = position;
      entry.waiting = entry.waiting?.filter((change) => isAfter(change, from));
      if (since && isAfter(from, since)) await this.#catchUp(listener, since, from);
      const waited = entry.waiting ?? [];
      entry.waiting = undefined;
      if (waited.length > 0) listener.changed(waited);
      return { from, close };
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Removes entries that are too old to be asked for. */
  async trim(): Promise<void> {
    const { database, clock, keepMs = 3_600_000 } = this.#options;
    await trimChanges(database, new Date(clock.now() - keepMs));
  }

  async #catchUp(listener: Listener, since: Position, upTo: Position): Promise<void> {
    const { database } = this.#options;
    const oldest = await oldestPosition(database);
    if (!oldest || isAfter(oldest, since)) {
      listener.reset();
      return;
    }
    let at = since;
    for (;;) {
      const changes = await readChanges(database, at, upTo);
      const last = changes.at(-1);
      if (!last) return;
      listener.changed(changes);
      if (changes.length < pageSize) return;
      at = last;
    }
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry);
    if (this.#entries.size > 0) return;
    this.#reader?.stop.abort();
    this.#reader = undefined;
  }

  #read() {
    const { database } = this.#options;
    const stop = new AbortController();
    const place = presentPosition(database).then((position) => ({ position }));
    const reader = { stop, at: place };
    void place.then(
      (at) => this.#run(at, stop.signal),
      () => {
        // Who waits for it has the error; the next one begins anew.
        if (this.#reader === reader) this.#reader = undefined;
      },
    );
    return reader;
  }

  async #run(at: { position: Position }, signal: AbortSignal): Promise<void> {
    const { database, clock, logger, pollMs = 200 } = this.#options;
    let told = false;
    while (!signal.aborted) {
      try {
        const changes = await readChanges(database, at.position);
        told = false;
        const last = changes.at(-1);
        if (last && !signal.aborted) {
          at.position = last;
          for (const entry of this.#entries) {
            if (entry.waiting) entry.waiting.push(...changes);
            else entry.listener.changed(changes);
          }
          if (changes.length === pageSize) continue;
        }
      } catch (error) {
        // Nobody misses anything: the position stays where it was.
        if (!told)
          logger.warn(
            { component: 'live', code: DrawbridgeError.from(error).code },
            'changes cannot be read',
          );
        told = true;
      }
      await clock.sleep(pollMs, signal, { background: true }).catch(() => undefined);
    }
  }
}
