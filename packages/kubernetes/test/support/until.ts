import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until something is so; a failure counts as not yet. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 15_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms`, { cause: last });
    await sleep(15);
  }
}
