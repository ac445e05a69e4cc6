import type { ReadOptions } from './reading.ts';

/** Waits between reads of a list that should show something, in milliseconds: about three seconds in all. */
const waitsMs = [100, 200, 400, 800, 1_500] as const;

/**
 * Reads until the answer shows what is known to be there, or has had time enough to: lists of Zitadel follow what was written within
 * moments, and after that somebody took it away.
 */
export async function known<T>(
  read: () => Promise<T>,
  isComplete: (value: T) => boolean,
  { clock, call }: ReadOptions,
): Promise<T> {
  let value = await read();
  for (const waitMs of waitsMs) {
    if (isComplete(value)) break;
    await clock.sleep(waitMs, call.signal);
    value = await read();
  }
  return value;
}
