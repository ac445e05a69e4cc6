import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DrawbridgeError, withDeadline } from '../../src/index.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

describe('a deadline', () => {
  it('ends work with the reason that AbortSignal.timeout gives', async () => {
    const ended = await withDeadline(20, untilAborted).catch((reason: unknown) => reason);
    const other = await untilAborted(AbortSignal.timeout(20)).catch((reason: unknown) => reason);
    expect((ended as Error).name).toBe((other as Error).name);
    expect(DrawbridgeError.from(ended).code).toBe(DrawbridgeError.from(other).code);
  });

  it('gives back what the work gives, or what it throws', async () => {
    expect(await withDeadline(10_000, async () => 7)).toBe(7);
    await expect(withDeadline(10_000, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('leaves no timer behind work that is over, however it ended', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await withDeadline(60_000, async () => expect(vi.getTimerCount()).toBe(1));
    expect(vi.getTimerCount()).toBe(0);
    await withDeadline(60_000, async () => Promise.reject(new Error('no'))).catch(() => undefined);
    expect(vi.getTimerCount()).toBe(0);
  });
});
