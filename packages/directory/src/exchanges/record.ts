import { AsyncLocalStorage } from 'node:async_hooks';
import { DrawbridgeError, type Fetch, type HttpClient } from '@drawbridge/kit';
import { redactBody } from './redact.ts';

/** Whom a step asked. */
export type ExchangeSystem = 'zitadel' | 'netbird';

/** One call of a step, as a person may read it: what was asked, and what came back. */
export interface Exchange {
  readonly system: ExchangeSystem;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Until the answer's head was there, in milliseconds. */
  readonly ms: number;
  /** Redacted bodies; null where there is none. An error code of ours stands for an answer that did not come. */
  readonly request: string | null;
  readonly reply: string | null;
}

/** Of a step that makes more calls, the last ones are kept: they say why it stopped. */
const most = 8;

const recorders = new AsyncLocalStorage<ExchangeRecorder>();

/** Notes the calls that some work makes through {@link recordedClient}, however deep it makes them. */
export class ExchangeRecorder {
  readonly #exchanges: Exchange[] = [];

  /** Carries out the work. */
  during<T>(work: () => Promise<T>): Promise<T> {
    return recorders.run(this, work);
  }

  /** What was noted, the oldest first. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** Notes an exchange. @returns how to change it, for as long as it is kept */
  add(exchange: Exchange): (change: Partial<Exchange>) => void {
    let current = exchange;
    this.#exchanges.push(current);
    if (this.#exchanges.length > most) this.#exchanges.shift();
    return (change) => {
      const at = this.#exchanges.indexOf(current);
      current = { ...current, ...change };
      if (at !== -1) this.#exchanges[at] = current;
    };
  }
}

/** A client whose calls are noted where somebody wants to know of them. Bodies of token endpoints never are. */
export function recordedClient(http: HttpClient, system: ExchangeSystem): HttpClient {
  const call: Fetch = async (input, init = {}) => {
    const recorder = recorders.getStore();
    if (!recorder) return await http.fetch(input, init);
    const { pathname } = new URL(input);
    const open = !/^\/(?:oauth|oidc)\//.test(pathname);
    const asked = {
      system,
      method: init.method ?? 'GET',
      path: pathname,
      request: open && typeof init.body === 'string' ? redactBody(init.body) : null,
    };
    const began = performance.now();
    const took = () => Math.round(performance.now() - began);
    try {
      const response = await http.fetch(input, init);
      const change = recorder.add({ ...asked, status: response.status, ms: took(), reply: null });
      if (open)
        noteText(response, (text) => change({ reply: redactBody(text, { failed: response.status >= 400 }) }));
      return response;
    } catch (error) {
      recorder.add({ ...asked, status: 0, ms: took(), reply: DrawbridgeError.from(error).code });
      throw error;
    }
  };
  return { ...http, fetch: call };
}

/** Tells the text of an answer to whom it concerns when its reader reads it: it is read but once. */
function noteText(response: Response, note: (text: string) => void): void {
  const read = response.text.bind(response);
  Object.defineProperty(response, 'text', {
    value: async () => {
      const text = await read();
      note(text);
      return text;
    },
  });
}
