import { type Clock, DrawbridgeError, type FolderLock, lockFolder } from '@drawbridge/kit';

/** How to wait for a lock. */
export interface LockOptions<T> {
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** Asked before each wait: what the holder has brought about may make the lock unnecessary. */
  readonly meanwhile: () => Promise<T | undefined>;
  /** Told once, when somebody else has the lock. */
  readonly onWaiting?: () => void;
}

/**
 * Folders that this process holds or tries. The operating system's lock belongs to the process and is lost when *any* of
 * its descriptors of that file is closed, so within one process only one may touch it.
 */
const here = new Set<string>();

/**
 * Waits for the lock of a session across processes, or for what makes it unnecessary. The lock ends with its process.
 *
 * @throws {DrawbridgeError} `locked` after `waitMs`, `canceled`
 */
export async function waitForLock<T>(
  folder: string,
  options: LockOptions<T>,
): Promise<{ readonly lock: FolderLock } | { readonly found: T }> {
  const { clock, random, signal } = options;
  const deadline = clock.now() + options.waitMs;
  for (let round = 0; ; round++) {
    if (signal?.aborted) throw new DrawbridgeError('canceled', { cause: signal.reason });
    const lock = await tryLock(folder);
    if (lock) return { lock };
    if (round === 0) options.onWaiting?.();
    const found = await options.meanwhile();
    if (found !== undefined) return { found };
    if (clock.now() >= deadline) {
      throw new DrawbridgeError('locked', {
        message: 'Another process is still signing in or refreshing the session.',
        fix: 'Finish the sign-in there, or end that process.',
      });
    }
    await clock.sleep(50 + random() * Math.min(200, 20 * round), signal).catch((error: unknown) => {
      throw new DrawbridgeError('canceled', { cause: error });
    });
  }
}

async function tryLock(folder: string): Promise<FolderLock | undefined> {
  if (here.has(folder)) return undefined;
  here.add(folder);
  try {
    const lock = await lockFolder(folder);
    return {
      release: async () => {
        await lock.release();
        here.delete(folder);
      },
    };
  } catch (error) {
    here.delete(folder);
    if (error instanceof DrawbridgeError && error.code === 'locked') return undefined;
    throw error;
  }
}
