import { join } from 'node:path';
import { lockFolder, ManualClock, withFolderLock } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

const busy = { waitMs: 10_000, message: 'Somebody else is at it.' };

describe('withFolderLock', () => {
  it('lets one at a time through, each of them', async () => {
    const folder = join(await tempFolder(), 'deep', 'lock');
    let inside = 0;
    const done: number[] = [];
    const work = (one: number) => async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return done.push(one);
    };
    await Promise.all(Array.from({ length: 5 }, (_, one) => withFolderLock(folder, work(one), busy)));
    expect(done.toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes what the holder has brought about meanwhile, and says once that it waits', async () => {
    const folder = await tempFolder();
    const lock = await lockFolder(folder);
    let asked = 0;
    let told = 0;
    const found = await withFolderLock(folder, async () => 'own', {
      ...busy,
      meanwhile: async () => (++asked < 3 ? undefined : 'theirs'),
      onWaiting: () => {
        told += 1;
      },
    });
    expect([found, asked, told]).toEqual(['theirs', 3, 1]);
    await lock.release();
  });

  it('gives up in time, and at once where it is told to', async () => {
    const folder = await tempFolder();
    const lock = await lockFolder(folder);
    const clock = new ManualClock();
    const stop = new AbortController();
    const late = withFolderLock(folder, async () => 1, {
      ...busy,
      clock,
      meanwhile: async () => {
        clock.advance(10_000);
        return undefined;
      },
    });
    await expect(late).rejects.toMatchObject({ code: 'locked', message: busy.message, where: folder });
    const canceled = withFolderLock(folder, async () => 1, {
      ...busy,
      signal: stop.signal,
      onWaiting: () => stop.abort(),
    });
    await expect(canceled).rejects.toMatchObject({ code: 'canceled' });
    await lock.release();
  });

  it('gives the lock back where the work fails', async () => {
    const folder = await tempFolder();
    const failing = withFolderLock(folder, () => Promise.reject(new Error('no')), busy);
    await expect(failing).rejects.toThrow('no');
    expect(await withFolderLock(folder, async () => 'in', busy)).toBe('in');
  });
});
