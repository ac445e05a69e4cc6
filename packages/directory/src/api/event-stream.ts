import { Readable } from 'node:stream';

/** Bytes that may wait for a slow reader; one who is further behind is cut off and comes back by `Last-Event-ID`. */
const mostWaiting = 256 * 1024;

/**
 * An answer of server-sent events. It never waits for its reader: whoever reads too slowly loses the connection, not the
 * server its memory.
 *
 * @see WHATWG HTML, section 9.2: Server-sent events
 */
export class EventStream extends Readable {
  override _read(): void {
    // What there is has been pushed already.
  }

  #lastId: string | undefined;

  /** The id that was told last: where the client goes on when it connects again. */
  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** Tells the client how long to wait before it connects again. */
  retry(ms: number): void {
    this.#write(`retry: ${ms}\n\n`);
  }

  /** Tells the client where it is, with nothing that has happened. */
  place(id: string): void {
    this.#lastId = id;
    this.#write(`id: ${id}\n\n`);
  }

  event(event: string, data: unknown, id?: string): void {
    this.#lastId = id ?? this.#lastId;
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n${id === undefined ? '' : `id: ${id}\n`}\n`);
  }

  /** Keeps proxies from taking a quiet stream for a dead one. */
  heartbeat(): void {
    this.#write(': still here\n\n');
  }

  end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  #write(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    this.push(text);
    if (this.readableLength > mostWaiting) this.destroy();
  }
}
