import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConfigManager, defineConfig, environmentSource, localStore } from '@drawbridge/config';
import { Secret } from '@drawbridge/kit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const account = defineConfig('account', z.object({ user: z.string(), password: z.string().min(4) }), {
  secretFields: ['password'],
});
const open = (env: Record<string, string> = {}) =>
  createConfigManager({ sources: [environmentSource({ env }), localStore({ folder })] });

describe('changes', () => {
  it('go to the first source that takes them, checked by the schema, with secrets as they are held', async () => {
    const config = open();
    const password = new Secret('hunter2');
    const written = await config.set('account', { user: 'ada', password });
    expect(written).toEqual({
      key: 'account',
      source: 'local store',
      version: 1,
      where: join(folder, 'account.json'),
    });
    expect((await config.get(account)).password.expose()).toBe('hunter2');
    const wrong = await config
      .set(account, { user: 'ada', password: 'abc' })
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'config_invalid', problems: [{ field: 'account.password' }] });
    expect(JSON.stringify(wrong)).not.toContain('abc');
    expect(await config.history(account)).toHaveLength(1);
  });

  it('write what the schema takes, not what it makes of it', async () => {
    const config = open();
    const since = defineConfig('since', z.coerce.date());
    await config.set(since, '2026-01-01');
    expect(await config.get(since)).toEqual(new Date('2026-01-01'));
    expect((await config.get('since')).expose()).toBe('2026-01-01');
  });

  it('say where another source hides them', async () => {
    const config = open({ DRAWBRIDGE_CONFIG_ACCOUNT__USER: 'ben' });
    expect(await config.set(account, { user: 'ada', password: 'hunter2' })).toMatchObject({
      hiddenBy: { source: 'environment', where: 'DRAWBRIDGE_CONFIG_ACCOUNT__USER' },
    });
  });

  it('of one field are made on what is there, again where somebody else was faster', async () => {
    const config = open();
    await config.set('counter', 0);
    const add = () => config.update('counter', (present) => Number(present) + 1);
    await Promise.all(Array.from({ length: 4 }, add));
    expect((await config.get('counter')).expose()).toBe(4);
    await config.update(account, (present) => present ?? { user: 'ada', password: 'hunter2' });
    expect((await config.get(account)).user).toBe('ada');
  });

  it('can be taken back', async () => {
    const config = open();
    await config.set('flag', 'a');
    await config.set('flag', 'b');
    expect(await config.rollback('flag', 1)).toMatchObject({ version: 3 });
    expect((await config.get('flag')).expose()).toBe('a');
    const strict = defineConfig('flag', z.literal('b'));
    await expect(config.rollback(strict, 1)).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await config.unset('flag')).toMatchObject({ removed: true, source: 'local store' });
    await expect(config.get('flag')).rejects.toMatchObject({ code: 'config_missing' });
  });

  it('need a source that takes them', async () => {
    const config = createConfigManager({ sources: [environmentSource({ env: {} })] });
    await expect(config.set('a', 1)).rejects.toMatchObject({ code: 'config_not_writable' });
    await expect(config.history('a')).rejects.toMatchObject({ code: 'config_not_writable' });
    await expect(open().set('a', () => 1)).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(open().set('../a', 1)).rejects.toMatchObject({ code: 'config_key_invalid' });
  });

  it('are listed with all sources that have them', async () => {
    const config = open({ DRAWBRIDGE_CONFIG_A: '1', DRAWBRIDGE_CONFIG_OTHER: '2' });
    await config.set('a', 1);
    await config.set('b/c', 2);
    expect(await config.list()).toEqual([
      { key: 'a', sources: ['environment', 'local store'] },
      { key: 'b/c', sources: ['local store'] },
    ]);
  });
});
