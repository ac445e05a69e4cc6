import type { ConfigSource, KeptAnswer, SourceAnswer } from '@drawbridge/config';
import { DrawbridgeError, type ErrorCode, ManualClock } from '@drawbridge/kit/core';

/** A remote source that says what a test tells it to. */
export interface RemoteStandIn extends ConfigSource {
  /** What it answers next, until told otherwise. */
  answer: SourceAnswer | ErrorCode;
  /** Holds answers back until it is called. */
  hold(): () => void;
  readonly reads: { readonly key: string; readonly mayAsk: boolean }[];
  readonly shelved: Map<string, KeptAnswer>;
}

/** A value as a remote source has it. */
export function value(of: unknown, version = 1): SourceAnswer {
  return { state: 'found', value: of, where: 'remote/place', version };
}

/** Makes a remote source. With `shelf` its answers outlive a manager. */
export function remote(
  answer: SourceAnswer | ErrorCode,
  shelf = new Map<string, KeptAnswer>(),
): RemoteStandIn {
  let held: Promise<void> = Promise.resolve();
  const source: RemoteStandIn = {
    name: 'remote',
    writable: true,
    answer,
    reads: [],
    shelved: shelf,
    remote: {
      shelf: {
        load: async (key) => shelf.get(key),
        store: async (key, kept) => {
          shelf.set(key, kept);
        },
        remove: async (key) => {
          shelf.delete(key);
        },
      },
    },
    hold() {
      let release: () => void = () => undefined;
      held = new Promise<void>((resolve) => {
        release = resolve;
      });
      return release;
    },
    async read(key, { mayAsk, signal }) {
      source.reads.push({ key, mayAsk });
      await held;
      signal?.throwIfAborted();
      if (typeof source.answer === 'string') throw new DrawbridgeError(source.answer);
      return source.answer;
    },
    async write(_key, written) {
      source.answer = value(written, 2);
      return { where: 'remote/place', version: 2 };
    },
  };
  return source;
}

/** Lets everything that waits for nothing but promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const clockAt = () => new ManualClock(Date.UTC(2026, 0, 1));
