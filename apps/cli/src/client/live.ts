import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory } from './directory-client.ts';

/** What is followed: an object that the directory's live stream tells of. */
export interface Followed {
  readonly kind: 'run' | 'sweep' | 'import';
  readonly id: string;
  /** Null for what concerns all of them. */
  readonly organizationId: string | null;
}

/** At least this long between two reads, however often it changes. */
const restMs = 150;
/** Read again after so long without news: the stream is a hint, and may lose one. */
const patienceMs = 5_000;

/**
 * Yields whenever an object may have changed, and once at the beginning. Follows the directory's live stream
 * (`GET /api/events`), so that waiting costs no requests; where there is no stream it looks every second.
 */
export async function* follow(
  directory: Directory,
  followed: Followed,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const ended = new AbortController();
  const news = new News();
  // A timer that lost its race must not keep the command alive.
  const live = AbortSignal.any([signal, ended.signal]);
  void listen(directory, followed, news, live);
  try {
    await Promise.race([news.opened, sleep(1_000, undefined, { signal: live })]);
    for (;;) {
      news.forget();
      yield;
      await sleep(restMs, undefined, { signal: live });
      await Promise.race([news.next, sleep(news.isOpen ? patienceMs : 1_000, undefined, { signal: live })]);
    }
  } finally {
    ended.abort();
  }
}

/** Whether something has happened since it was last asked. */
class News {
  readonly #opened = Promise.withResolvers<void>();
  #next = Promise.withResolvers<void>();
  isOpen = false;

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  get next(): Promise<void> {
    return this.#next.promise;
  }

  forget(): void {
    this.#next = Promise.withResolvers();
  }

  open(): void {
    this.isOpen = true;
    this.#opened.resolve();
    this.tell();
  }

  tell(): void {
    this.#next.resolve();
  }
}

/** Keeps the stream open until the signal; what goes wrong with it only means that looking takes its place. */
async function listen(
  directory: Directory,
  { kind, id, organizationId }: Followed,
  news: News,
  signal: AbortSignal,
): Promise<void> {
  const query = organizationId === null ? '' : `?organization=${encodeURIComponent(organizationId)}`;
  while (!signal.aborted) {
    try {
      const stream = await directory.stream(`/api/events${query}`, 'text/event-stream', { signal });
      news.open();
      for await (const event of eventsOf(stream))
        if (event.name === 'reset' || (event.name === kind && event.data.includes(`"${id}"`))) news.tell();
    } catch {
      // Looked for every second meanwhile, whatever it was; the reads say what is wrong, if it lasts.
      news.isOpen = false;
    }
    news.isOpen = false;
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
}

/** Events of a stream. @see WHATWG HTML section 9.2, of which names and data are needed here */
export async function* eventsOf(
  stream: AsyncIterable<string>,
): AsyncGenerator<{ readonly name: string; readonly data: string }> {
  let rest = '';
  for await (const chunk of stream) {
    const blocks = `${rest}${chunk}`.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split(/\r?\n/);
      const field = (name: string) =>
        lines.flatMap((line) =>
          line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : [],
        );
      const [name = 'message'] = field('event');
      const data = field('data').join('\n');
      if (data !== '') yield { name, data };
    }
  }
}
