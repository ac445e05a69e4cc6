import { Budget, ManualClock, type Priority } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('Budget', () => {
  it('admits a burst, then the rate, whoever comes when', async () => {
    const plan = fc.array(fc.record({ gap: fc.nat(2_000), calls: fc.nat(6) }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 8 }),
        plan,
        async (perSecond, burst, steps) => {
          const clock = new ManualClock(0);
          const budget = new Budget({ perSecond, burst, clock });
          const admitted: number[] = [];
          let asked = 0;
          for (const { gap, calls } of steps) {
            for (let call = 0; call < calls; call++, asked++)
              void budget.take().then(() => admitted.push(clock.now()));
            await settle();
            for (let passed = 0; passed < gap; passed += 50) {
              clock.advance(50);
              await settle();
            }
          }
          await settle();
          // In no window may more go than the burst and what the rate gives in that time.
          for (const [first, from] of admitted.entries()) {
            for (const [last, to] of admitted.entries()) {
              if (last < first) continue;
              expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) / 1_000) * perSecond + 1e-6);
            }
          }
          expect(admitted.length + budget.waiting).toBe(asked);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets people go before sweeps', async () => {
    const clock = new ManualClock();
    const budget = new Budget({ perSecond: 1, burst: 1, clock });
    await budget.take();
    const order: string[] = [];
    const call = (name: string, priority: Priority) =>
      void budget.take(priority).then(() => order.push(name));
    call('sweep 1', 'low');
    call('sweep 2', 'low');
    call('person', 'high');
    for (let second = 0; second < 3; second++) {
      clock.advance(1_000);
      await settle();
    }
    expect(order).toEqual(['person', 'sweep 1', 'sweep 2']);
  });

  it('a waiter that gives up uses no token and holds up nobody', async () => {
    const clock = new ManualClock();
    const budget = new Budget({ perSecond: 1, burst: 1, clock });
    await budget.take();
    const controller = new AbortController();
    const given = budget.take('high', controller.signal);
    let admitted = false;
    void budget.take().then(() => {
      admitted = true;
    });
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    clock.advance(1_000);
    await settle();
    expect([admitted, budget.waiting]).toEqual([true, 0]);
    await expect(budget.take('high', controller.signal)).rejects.toThrow('enough');
  });

  it('does not stand still when the clock is set back', async () => {
    const clock = new ManualClock(1_000_000);
    const budget = new Budget({ perSecond: 1, burst: 1, clock });
    await budget.take();
    clock.advance(-900_000);
    let admitted = false;
    void budget.take().then(() => {
      admitted = true;
    });
    for (let second = 0; second < 2; second++) {
      clock.advance(1_000);
      await settle();
    }
    expect(admitted).toBe(true);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [Number.NaN, 1],
    [1, 0.5],
  ])('refuses %d/s with a burst of %d, which would admit nobody', (perSecond, burst) => {
    expect(() => new Budget({ perSecond, burst })).toThrow(
      expect.objectContaining({ code: 'invalid_settings' }),
    );
  });
});

it('tells how much of it is in use', async () => {
  const clock = new ManualClock();
  const budget = new Budget({ perSecond: 10, burst: 10, clock });
  expect(budget.used).toBe(0);
  for (let call = 0; call < 5; call += 1) await budget.take();
  expect(budget.used).toBe(0.5);
  clock.advance(500);
  expect(budget.used).toBe(0);
});
