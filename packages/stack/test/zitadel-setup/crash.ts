import type { Clock } from '@drawbridge/kit';
import type { ZitadelWish } from '@drawbridge/stack';
import { expect } from 'vitest';
import { hasty, type Place } from './support.ts';

const reads = /\/(List|Get)\w+$|_search$|\/oauth\//;

/** Ends the run at one of its writes: before it goes out, or when it was done and before its answer is seen. */
export async function crashAt(
  place: Place,
  wish: ZitadelWish,
  at: number,
  when: 'before' | 'after',
  clock: Clock = hasty,
): Promise<string | undefined> {
  const end = new AbortController();
  let writes = 0;
  let where: string | undefined;
  place.setFetch((underlying) => async (input, init) => {
    const path = new URL(String(input)).pathname;
    end.signal.throwIfAborted();
    const isWrite = init?.method !== 'GET' && !reads.test(path);
    if (!isWrite || ++writes !== at) return await underlying(input, init);
    where = `${init?.method === 'POST' ? '' : `${init?.method} `}${path.split('/').at(-1)}`;
    if (when === 'after') await underlying(input, init);
    end.abort(new Error('the process was killed'));
    throw end.signal.reason;
  });
  const run = place.apply(wish, { call: { signal: end.signal }, clock });
  const failed = await run.then(
    () => false,
    () => true,
  );
  place.setFetch((underlying) => underlying);
  expect(failed).toBe(where !== undefined);
  return where;
}
