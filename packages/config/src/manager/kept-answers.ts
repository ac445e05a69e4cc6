import { type Clock, DrawbridgeError, type ErrorCode, type Logger } from '@drawbridge/kit/core';
import type { AnswerShelf, ConfigSource, KeptAnswer, ReadContext, SourceAnswer } from '../sources/index.ts';
import { unlessAborted } from '../waiting/index.ts';

/** How long answers of remote sources are used again. */
export interface CacheOptions {
  /** So long no call is made, in milliseconds. Default 900,000: a quarter of an hour. */
  readonly freshMs?: number;
  /** Until then an answer is given at once and refreshed behind, in milliseconds; also while the source is out of reach. Default a day. */
  readonly maxAgeMs?: number;
}

/** How old a kept answer is. */
export interface CacheState {
  /** When the source gave it, in milliseconds since the epoch. */
  readonly at: number;
  /** How long it will be used without a call; 0 for a stale one. */
  readonly freshForMs: number;
  readonly stale: boolean;
  /** Why the last try to refresh it came to nothing. */
  readonly failure?: ErrorCode;
}

/** A kept answer that is used although it could not be refreshed. */
export interface StaleEvent {
  readonly key: string;
  readonly source: string;
  readonly ageMs: number;
  readonly error: DrawbridgeError;
}

/** What the keeping of answers works with. */
export interface KeepingTools {
  readonly freshMs: number;
  readonly maxAgeMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onStale: (event: StaleEvent) => void;
}

/** That there is nothing may change at any moment by somebody else's hand: so long it is believed, in milliseconds. */
const absentMs = 30_000;
/** Calls at the same time: a program with a thousand keys is no reason to open a thousand connections. */
const mostCalls = 16;
/** Between two tries to refresh one answer after a failure, in milliseconds. */
const retryMs = 10_000;

interface Entry extends KeptAnswer {
  failure?: ErrorCode;
  retryAt?: number;
}

/**
 * The answers of one remote source: fresh ones without a call, older ones at once with a refresh behind, and old ones while the source is
 * out of reach, up to their last age. However many callers wait for a key, there is one call.
 *
 * That a credential lacks the right to a key is the source's answer: then what was kept of it is dropped.
 */
export class KeptAnswers {
  readonly #source: ConfigSource;
  readonly #tools: KeepingTools;
  readonly #entries = new Map<string, Entry>();
  readonly #calls = new Map<string, Promise<SourceAnswer>>();
  /** Raised by every change, so that a read from before it is not kept. */
  readonly #changes = new Map<string, number>();
  readonly #ended = new AbortController();
  /** Writes to the shelf, one after the other. */
  #shelving: Promise<void> = Promise.resolve();
  #calling = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(source: ConfigSource, tools: KeepingTools) {
    this.#source = source;
    this.#tools = tools;
  }

  /** @throws {DrawbridgeError} why the source did not answer, where nothing kept may stand for it */
  async read(
    key: string,
    context: ReadContext,
    fresh: boolean,
  ): Promise<{ readonly answer: SourceAnswer; readonly cached?: CacheState }> {
    const entry = fresh ? undefined : await this.#usable(key);
    if (!entry) return { answer: await this.#refresh(key, context) };
    const ageMs = this.#tools.clock.now() - entry.at;
    const freshForMs = Math.max(0, this.#freshMs(entry) - ageMs);
    if (freshForMs === 0) this.#refreshBehind(key, entry, context);
    return {
      answer: entry.answer,
      cached: {
        at: entry.at,
        freshForMs,
        stale: freshForMs === 0,
        ...(entry.failure === undefined ? {} : { failure: entry.failure }),
      },
    };
  }

  /** Forgets a key, here and on the shelf: it was changed. */
  async forget(key: string): Promise<void> {
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + 1);
    this.#entries.delete(key);
    for (const mayAsk of [true, false]) this.#calls.delete(callOf(key, mayAsk));
    await this.#shelve((shelf) => shelf.remove(key));
  }

  /** Lets refreshes that are under way come to their end, for so long. */
  async close(waitMs: number): Promise<void> {
    const calls = [...this.#calls.values()];
    if (calls.length > 0) {
      const enough = new AbortController();
      const all = Promise.allSettled(calls).finally(() => enough.abort());
      await Promise.race([all, this.#tools.clock.sleep(waitMs, enough.signal).catch(() => undefined)]);
    }
    this.#ended.abort(new DrawbridgeError('shutting_down', { message: 'The configuration is closed.' }));
    await this.#shelving;
  }

  #freshMs({ answer }: KeptAnswer): number {
    const { freshMs } = this.#tools;
    return answer.state === 'found' ? freshMs : Math.min(freshMs, absentMs);
  }

  #isUsable(entry: Entry): boolean {
    const age = this.#tools.clock.now() - entry.at;
    const last =
      entry.answer.state === 'found'
        ? Math.max(this.#tools.maxAgeMs, this.#tools.freshMs)
        : this.#freshMs(entry);
    // One from the future was kept by another clock.
    return age >= 0 && age < last;
  }

  #isFresh(entry: Entry): boolean {
    return this.#isUsable(entry) && this.#tools.clock.now() - entry.at < this.#freshMs(entry);
  }

  /** What may be given: the one in memory, or a younger one that another process has put on the shelf. */
  async #usable(key: string): Promise<Entry | undefined> {
    const own = this.#entries.get(key);
    if (own && this.#isFresh(own)) return own;
    const changes = this.#changes.get(key);
    const shelved = await this.#fromShelf(key);
    if (changes !== this.#changes.get(key)) return undefined;
    if (shelved && shelved.at > (own?.at ?? Number.NEGATIVE_INFINITY) && this.#isUsable(shelved)) {
      this.#entries.set(key, { ...shelved });
      return this.#entries.get(key);
    }
    return own && this.#isUsable(own) ? own : undefined;
  }

  /** A cache that cannot be read is no reason to fail. */
  async #fromShelf(key: string): Promise<KeptAnswer | undefined> {
    try {
      return await this.#source.remote?.shelf?.load(key);
    } catch (error) {
      this.#tools.logger.warn(
        { component: 'config', err: error },
        'the values kept on disk could not be read',
      );
      return undefined;
    }
  }

  #refreshBehind(key: string, entry: Entry, { definition }: ReadContext): void {
    const { clock, logger, onStale } = this.#tools;
    const now = clock.now();
    if (this.#calls.has(callOf(key, false)) || (entry.retryAt ?? 0) > now || this.#ended.signal.aborted)
      return;
    // Nobody is asked anything for a value that was given already.
    const context: ReadContext = { mayAsk: false, ...(definition ? { definition } : {}) };
    this.#refresh(key, context).catch((caught: unknown) => {
      const error = DrawbridgeError.from(caught);
      if (this.#ended.signal.aborted || error.code === 'openbao_denied') return;
      entry.failure = error.code;
      entry.retryAt = clock.now() + retryMs;
      logger.warn({ component: 'config', code: error.code }, 'a kept value could not be refreshed');
      onStale({ key, source: this.#source.name, ageMs: clock.now() - entry.at, error });
    });
  }

  /** Asks the source, once for all who wait. A caller that gives up does not end what others wait for. */
  async #refresh(key: string, context: ReadContext): Promise<SourceAnswer> {
    const { signal, ...others } = context;
    const name = callOf(key, context.mayAsk);
    let call = this.#calls.get(name);
    if (!call) {
      const made = this.#ask(key, { ...others, signal: this.#ended.signal }).finally(() => {
        if (this.#calls.get(name) === made) this.#calls.delete(name);
      });
      this.#calls.set(name, made);
      call = made;
    }
    return await unlessAborted(call, signal);
  }

  async #ask(key: string, context: ReadContext): Promise<SourceAnswer> {
    const changes = this.#changes.get(key);
    const isChanged = () => changes !== this.#changes.get(key);
    let answer: SourceAnswer;
    try {
      answer = await this.#inTurn(() => this.#source.read(key, context));
    } catch (error) {
      if (DrawbridgeError.from(error).code === 'openbao_denied' && !isChanged()) {
        this.#entries.delete(key);
        await this.#shelve((shelf) => shelf.remove(key));
      }
      throw error;
    }
    if (isChanged()) return answer;
    const kept = { answer, at: this.#tools.clock.now() };
    this.#entries.set(key, kept);
    // Nobody waits for the disk; whoever closes does.
    void this.#shelve(async (shelf) => {
      if (isChanged()) return;
      if (answer.state === 'found') await shelf.store(key, kept);
      else await shelf.remove(key);
    });
    return answer;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#calling >= mostCalls) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#calling++;
    try {
      return await work();
    } finally {
      // The turn is handed on, or given back.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#calling--;
    }
  }

  /** A cache that cannot be written is no reason to fail. */
  #shelve(work: (shelf: AnswerShelf) => Promise<void>): Promise<void> {
    const { shelf } = this.#source.remote ?? {};
    if (!shelf) return Promise.resolve();
    this.#shelving = this.#shelving
      .then(() => work(shelf))
      .catch((error: unknown) => {
        this.#tools.logger.warn(
          { component: 'config', err: error },
          'the values kept on disk could not be changed',
        );
      });
    return this.#shelving;
  }
}

/** Whoever may be asked does not wait for a call in which nobody is, nor the other way round. */
function callOf(key: string, mayAsk: boolean): string {
  return mayAsk ? `${key} asking` : key;
}
