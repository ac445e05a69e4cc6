import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localStore } from '@drawbridge/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const mayAsk = { mayAsk: false };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const open = () => localStore({ folder: join(folder, 'store') });

describe('the local store', () => {
  it('S34 keeps values in files of mode 0600, in folders of mode 0700', async () => {
    const store = open();
    await store.write?.('billing/stripe', 'sk', {});
    const { mode } = await stat(join(folder, 'store/billing/stripe.json'));
    expect(mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'store/billing'))).mode & 0o777).toBe(0o700);
    expect(await store.read('billing/stripe', mayAsk)).toMatchObject({
      state: 'found',
      value: 'sk',
      version: 1,
    });
    expect(await store.list?.(mayAsk)).toEqual(['billing/stripe']);
  });

  it('has versions, their history, and a way back', async () => {
    const store = open();
    for (const value of [1, 2]) await store.write?.('a', value, {});
    expect(await store.remove?.('a', mayAsk)).toMatchObject({ removed: true });
    expect(await store.remove?.('a', mayAsk)).toMatchObject({ removed: false });
    expect(await store.read('a', mayAsk)).toMatchObject({
      state: 'absent',
      why: expect.stringMatching(/removed/),
    });
    expect(await store.list?.(mayAsk)).toEqual([]);
    expect((await store.history?.('a', mayAsk))?.map(({ version, state }) => [version, state])).toEqual([
      [3, 'deleted'],
      [2, 'present'],
      [1, 'present'],
    ]);
    expect(await store.readVersion?.('a', 1, mayAsk)).toMatchObject({ value: 1 });
    for (const version of [3, 9])
      await expect(store.readVersion?.('a', version, mayAsk)).rejects.toMatchObject({
        code: 'config_version_unknown',
      });
  });

  it('keeps the last ten versions', async () => {
    const store = open();
    for (let value = 1; value <= 12; value++) await store.write?.('a', value, {});
    const versions = (await store.history?.('a', mayAsk))?.map(({ version }) => version);
    expect(versions).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('lets one of many who write the same version win', async () => {
    const stores = Array.from({ length: 10 }, open);
    const outcomes = await Promise.allSettled(
      stores.map(async (store, at) => await store.write?.('a', at, { cas: 'absent' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of outcomes)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'config_conflict' });
    await expect(open().write?.('a', 'x', { cas: 7 })).rejects.toMatchObject({ code: 'config_conflict' });
    expect(await open().write?.('a', 'x', { cas: 1 })).toMatchObject({ version: 2 });
  });

  it('leaves nothing half written, and refuses a file that is not its own', async () => {
    const store = open();
    await store.write?.('a', 1, {});
    expect((await readdir(join(folder, 'store'))).toSorted()).toEqual(['.lock', 'a.json']);
    for (const text of ['hunter2', '{"format":1,"versions":["hunter2"]}', '{"format":2,"versions":[]}']) {
      await writeFile(join(folder, 'store/a.json'), text);
      const error = await store.read('a', mayAsk).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'file_unreadable' });
      expect(String((error as Error).stack)).not.toContain('hunter2');
    }
  });
});
