import { ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkQueue, type WorkQueue } from '../../../src/controllers/runtime/index.ts';

const tick = async () => {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Takes what waits now, without waiting for more. */
async function taken(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) keys.push((await queue.next()) ?? '');
  return keys;
}

describe('the work queue', () => {
  it('gives each key once, and again where it was added during the work', async () => {
    const queue = createWorkQueue({ clock: new ManualClock() });
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect(await taken(queue)).toEqual(['a', 'b']);
    queue.add('a');
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    queue.done('b');
    expect(await taken(queue)).toEqual(['a']);
  });

  it('has a failing key wait 5 ms, twice as long each time, and at once again after a success', async () => {
    const clock = new ManualClock();
    const queue = createWorkQueue({ clock });
    const waits: number[] = [];
    for (let failure = 0; failure < 5; failure += 1) {
      queue.retry('a');
      let waited = 0;
      while (queue.depth === 0) {
        clock.advance(1);
        waited += 1;
        await tick();
      }
      waits.push(waited);
      await taken(queue);
      queue.done('a');
    }
    expect(waits).toEqual([5, 10, 20, 40, 80]);
    queue.forget('a');
    expect(queue.failures('a')).toBe(0);
  });

  it('waits no longer than 1,000 s, however often it failed', async () => {
    const clock = new ManualClock();
    const queue = createWorkQueue({ clock });
    for (let failure = 0; failure < 200; failure += 1) queue.retry('a');
    clock.advance(1_000_000);
    await tick();
    expect(queue.depth).toBe(1);
  });

  it('lets 100 retries of all keys go, then 10 a second', async () => {
    const clock = new ManualClock();
    const queue = createWorkQueue({ clock });
    for (let at = 0; at < 130; at += 1) queue.retry(`k${at}`);
    clock.advance(5);
    await tick();
    const first = queue.depth;
    expect(first).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThanOrEqual(101);
    clock.advance(1_000);
    await tick();
    expect(queue.depth - first).toBeGreaterThanOrEqual(9);
    expect(queue.depth - first).toBeLessThanOrEqual(11);
  });

  it('takes the earliest of several times', async () => {
    const clock = new ManualClock();
    const queue = createWorkQueue({ clock });
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 900);
    clock.advance(100);
    await tick();
    expect(await taken(queue)).toEqual(['a']);
    queue.done('a');
    clock.advance(1_000);
    await tick();
    expect(queue.depth).toBe(0);
  });

  it('ends all waiting when it is closed', async () => {
    const queue = createWorkQueue();
    const waiting = queue.next();
    queue.addAfter('a', 60_000);
    queue.close();
    expect(await waiting).toBeUndefined();
    queue.add('b');
    expect(await queue.next()).toBeUndefined();
  });

  it('never has a key worked on twice at once, and never loses one', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('finish' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('take' as const), key: fc.constant('') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const queue = createWorkQueue({ clock: new ManualClock() });
        const working = new Set<string>();
        /** Added since the key was last taken. */
        const owed = new Set<string>();
        for (const { kind, key } of steps) {
          if (kind === 'add') {
            queue.add(key);
            owed.add(key);
          } else if (kind === 'finish') {
            if (working.delete(key)) queue.done(key);
          } else if (queue.depth > 0) {
            const next = (await queue.next()) ?? '';
            expect(working.has(next)).toBe(false);
            working.add(next);
            owed.delete(next);
          }
        }
        for (const key of working) queue.done(key);
        expect(new Set(await taken(queue))).toEqual(owed);
      }),
    );
  });
});
