import type { Logger } from '@drawbridge/kit';

/** A client and how to be rid of it. */
export interface OpenClient<T> {
  readonly client: T;
  close(): Promise<void>;
}

/** Keeps one client for each key, and opens it anew once its settings have another version. */
export class ClientCache<T> {
  readonly #logger: Logger;
  readonly #entries = new Map<
    string,
    { readonly version: string; readonly opened: Promise<OpenClient<T>> }
  >();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The client of a key at a version, opened by `open` where it is not open yet. */
  async get(key: string, version: string, open: () => Promise<OpenClient<T>>): Promise<T> {
    const known = this.#entries.get(key);
    if (known?.version === version) return (await known.opened).client;
    const opened = open();
    const entry = { version, opened };
    this.#entries.set(key, entry);
    // A failed opening is not remembered: the next call tries again.
    opened.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    if (known) void this.#close(known.opened);
    return (await opened).client;
  }

  /** Closes the clients of the keys that are chosen, which nobody is to use any more. */
  async forget(chosen: (key: string) => boolean): Promise<void> {
    const gone = [...this.#entries].filter(([key]) => chosen(key));
    for (const [key] of gone) this.#entries.delete(key);
    for (const [, { opened }] of gone) await this.#close(opened);
  }

  /** Closes every client. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { opened } of entries) await this.#close(opened);
  }

  async #close(opened: Promise<OpenClient<T>>): Promise<void> {
    try {
      await (await opened).close();
    } catch (err) {
      this.#logger.debug({ err, component: 'integrations' }, 'a client did not close cleanly');
    }
  }
}
