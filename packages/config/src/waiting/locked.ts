import { type Clock, DrawbridgeError, type FolderLock, lockFolder } from '@drawbridge/kit/core';

/** How to wait for a lock that processes share. */
export interface LockWait<T> {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly waitMs: number;
  /** Said where the wait was in vain. */
  readonly message: string;
  readonly signal?: AbortSignal;
  /** Asked before each wait: what the holder has brought about may make the lock unnecessary. */
  readonly meanwhile?: () => Promise<T | undefined>;
}

/**
 * Does something while no other process does it, or takes what another one has brought about meanwhile. The lock ends with its process,
 * however that ends.
 *
 * @throws {DrawbridgeError} `locked` after `waitMs`, `canceled`, `file_unwritable`
 */
export async function locked<T>(folder: string, work: () => Promise<T>, wait: LockWait<T>): Promise<T> {
  const { clock, signal } = wait;
  const deadline = clock.now() + wait.waitMs;
  for (;;) {
    if (signal?.aborted) throw new DrawbridgeError('canceled', { cause: signal.reason });
    const lock = await tryLock(folder);
    if (lock) {
      try {
        return await work();
      } finally {
        await lock.release();
      }
    }
    const found = await wait.meanwhile?.();
    if (found !== undefined) return found;
    if (clock.now() >= deadline)
      throw new DrawbridgeError('locked', { message: wait.message, where: folder, fix: 'End that process.' });
    await clock.sleep(20 + Math.random() * 80, signal).catch((error: unknown) => {
      throw new DrawbridgeError('canceled', { cause: error });
    });
  }
}

async function tryLock(folder: string): Promise<FolderLock | undefined> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof DrawbridgeError && error.code === 'locked') return undefined;
    throw error;
  }
}
