import { type Clock, systemClock } from '../clock/index.ts';
import { DrawbridgeError } from '../errors/index.ts';
import { type FolderLock, lockFolder } from './lock-folder.ts';

/** How to wait for a lock that processes share. */
export interface FolderLockWait<T> {
  /** Milliseconds. */
  readonly waitMs: number;
  /** Said where the wait was in vain. */
  readonly message: string;
  /** What to do then. Default: `End that process.` */
  readonly fix?: string;
  /** Ends the wait, not the work. */
  readonly signal?: AbortSignal;
  /** Asked before each wait: what the holder has brought about may make the lock unnecessary. Default: nothing does. */
  readonly meanwhile?: () => Promise<T | undefined>;
  /** Told once, when somebody else has the lock. */
  readonly onWaiting?: () => void;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * Does something while no other process does it, and nothing else in this one, or takes what another has brought about meanwhile. The
 * lock ends with its process, however that ends.
 *
 * @throws {DrawbridgeError} `locked` after `waitMs`, `canceled`, `file_unwritable` when the folder cannot be made; else what `work` and
 * `meanwhile` throw
 * @example
 * ```ts
 * import { withFolderLock } from '@drawbridge/kit';
 *
 * const renew = async () => 'a new token';
 * const token = await withFolderLock('.drawbridge/session', renew, {
 *   waitMs: 10_000,
 *   message: 'Another process is still renewing the token.',
 * });
 * console.log(token);
 * ```
 */
export async function withFolderLock<T>(
  folder: string,
  work: () => Promise<T>,
  wait: FolderLockWait<T>,
): Promise<T> {
  const { clock = systemClock, random = Math.random, signal } = wait;
  const deadline = clock.now() + wait.waitMs;
  for (let round = 1; ; round += 1) {
    if (signal?.aborted) throw new DrawbridgeError('canceled', { cause: signal.reason });
    const lock = await tryLock(folder);
    if (lock) {
      try {
        return await work();
      } finally {
        await lock.release();
      }
    }
    if (round === 1) wait.onWaiting?.();
    const found = await wait.meanwhile?.();
    if (found !== undefined) return found;
    if (clock.now() >= deadline) {
      const { message, fix = 'End that process.' } = wait;
      throw new DrawbridgeError('locked', { message, where: folder, fix });
    }
    // Most holders are done at once; a person who signs in is not.
    await clock.sleep(20 + random() * Math.min(230, 40 * round), signal).catch((error: unknown) => {
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
