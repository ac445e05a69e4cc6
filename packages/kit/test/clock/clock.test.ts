import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ManualClock, systemClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const clockFile = new URL('../../src/clock/clock.ts', import.meta.url).href;

describe('systemClock', () => {
  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    await expect(systemClock.sleep(1, controller.signal)).rejects.toThrow('enough');
  });

  it('sleeps through lengths that a Node timer cannot hold', async () => {
    const controller = new AbortController();
    let woken = false;
    const sleep = systemClock.sleep(2 ** 31 + 5, controller.signal).then(
      () => {
        woken = true;
      },
      () => undefined,
    );
    await systemClock.sleep(20);
    expect(woken).toBe(false);
    controller.abort();
    await sleep;
  });

  it('keeps the process alive while something waits, but not for the background', async () => {
    const script = (options: string) =>
      `import { systemClock } from '${clockFile}'; systemClock.sleep(40, undefined, ${options}).then(() => console.log('woken'))`;
    const waits = await run(process.execPath, ['--input-type=module', '-e', script('{}')]);
    const beside = await run(process.execPath, ['--input-type=module', '-e', script('{ background: true }')]);
    expect([waits.stdout, beside.stdout]).toEqual(['woken\n', '']);
  });
});

describe('ManualClock', () => {
  it('wakes everyone whose time has come, in order, and nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(100), { maxLength: 20 }), fc.nat(100), async (times, step) => {
        const clock = new ManualClock(0);
        const woken: number[] = [];
        for (const ms of times) void clock.sleep(ms).then(() => woken.push(ms));
        clock.advance(step);
        await Promise.resolve();
        expect(woken.toSorted((a, b) => a - b)).toEqual(
          times.filter((ms) => ms <= step).toSorted((a, b) => a - b),
        );
        expect(clock.sleeping).toBe(times.filter((ms) => ms > step).length);
        expect(clock.now()).toBe(step);
      }),
    );
  });

  it('forgets a sleeper whose signal aborts', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const sleep = clock.sleep(10, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
  });
});
