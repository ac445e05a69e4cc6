import { type Clock, DrawbridgeError } from '@drawbridge/kit';

/** What another place said when it was asked, or why it did not: one neighbour that is down costs its own column only. */
export type Seen<T> =
  | { readonly ok: true; readonly at: Date; readonly value: T }
  | { readonly ok: false; readonly at: Date; readonly code: string; readonly message: string };

/** Longest that a person waits for a neighbour, in milliseconds. */
const patienceMs = 8_000;

/** Asks a neighbour; its failure is an answer too. */
export async function look<T>(clock: Clock, ask: (signal: AbortSignal) => Promise<T>): Promise<Seen<T>> {
  try {
    const value = await ask(AbortSignal.timeout(patienceMs));
    return { ok: true, at: new Date(clock.now()), value };
  } catch (caught) {
    const { code, message } = DrawbridgeError.from(caught);
    return { ok: false, at: new Date(clock.now()), code, message };
  }
}
