import { backoff, createBreaker, DrawbridgeError, ManualClock, retry } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';

const down = () => new DrawbridgeError('unreachable');

/** Runs `work` on a clock that jumps to whatever is waited for. */
async function hurry<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let over = false;
  const settled = work.finally(() => {
    over = true;
  });
  settled.catch(() => undefined);
  await until(() => {
    if (clock.sleeping > 0) clock.advance(60_000);
    return over;
  });
  return settled;
}

describe('retry', () => {
  it('tries until it works, waiting within doubling bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(5),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (failures, chance) => {
          const clock = new ManualClock();
          const waits: number[] = [];
          const work = retry(
            async (attempt) => {
              if (attempt <= failures) throw down();
              return attempt;
            },
            { attempts: 6, clock, random: () => chance, onRetry: ({ waitMs }) => waits.push(waitMs) },
          );
          expect(await hurry(clock, work)).toBe(failures + 1);
          expect(waits).toHaveLength(failures);
          for (const [at, wait] of waits.entries()) expect(wait).toBeLessThanOrEqual(200 * 2 ** at);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('throws the last failure when the tries are used up, and a refusal at once', async () => {
    const clock = new ManualClock();
    let tries = 0;
    await expect(
      hurry(
        clock,
        retry(
          async () => {
            tries++;
            throw down();
          },
          { clock },
        ),
      ),
    ).rejects.toMatchObject({ code: 'unreachable' });
    expect(tries).toBe(4);
    await expect(
      retry(async () => {
        tries++;
        throw new DrawbridgeError('forbidden');
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect(tries).toBe(5);
  });

  it('waits as long as the other side asks, but not for hours', async () => {
    const clock = new ManualClock();
    const waits: number[] = [];
    const asking = (retryAfterSeconds: number) =>
      retry(
        async (attempt) => {
          if (attempt === 1) throw new DrawbridgeError('rate_limited', { retryAfterSeconds });
        },
        { clock, random: () => 0, onRetry: ({ waitMs }) => waits.push(waitMs) },
      );
    await hurry(clock, asking(30));
    expect(waits).toEqual([30_000]);
    await expect(asking(3_600)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('stops waiting when its signal aborts', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const work = retry(() => Promise.reject(down()), { clock, signal: controller.signal });
    await until(() => clock.sleeping === 1);
    controller.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });

  it('never waits longer than the bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, chance) => {
          const wait = backoff(attempt, { random: () => chance });
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });
});

describe('createBreaker', () => {
  const failing = () => Promise.reject(down());

  it('opens after transient failures in a row, and lets one call through later', async () => {
    const breaker = createBreaker({ name: 'Zitadel', failures: 3, openMs: 20 });
    for (let call = 0; call < 3; call++)
      await expect(breaker.run(failing)).rejects.toMatchObject({ code: 'unreachable' });
    expect(breaker.state).toBe('open');
    await expect(breaker.run(async () => 'never')).rejects.toMatchObject({ code: 'circuit_open' });
    await until(async () => (await breaker.run(async () => 'ok').catch(() => 'refused')) === 'ok');
    expect(breaker.state).toBe('closed');
  });

  it('does not count refusals: they prove that the other side is alive', async () => {
    const breaker = createBreaker({ name: 'Zitadel', failures: 1 });
    for (let call = 0; call < 5; call++) {
      await expect(breaker.run(() => Promise.reject(new DrawbridgeError('forbidden')))).rejects.toMatchObject(
        { code: 'forbidden' },
      );
    }
    expect(breaker.state).toBe('closed');
  });
});
