import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '@drawbridge/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const mayAsk = { mayAsk: false };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, text: string) => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

describe('a file', () => {
  it('has keys as they are and as folders, in YAML and in JSON', async () => {
    const yaml = await write(
      'a.yaml',
      'config:\n  database: {url: x}\n  billing:\n    stripe: sk\n  a/b: 1\n',
    );
    const json = await write('a.json', '{"database":{"url":"x"}}');
    const source = fileSource({ path: yaml, section: 'config' });
    expect(await source.read('database', mayAsk)).toMatchObject({ value: { url: 'x' } });
    expect(await source.read('billing/stripe', mayAsk)).toMatchObject({
      value: 'sk',
      where: 'a.yaml, config',
    });
    expect(await source.read('a/b', mayAsk)).toMatchObject({ value: 1 });
    expect(await source.list?.(mayAsk)).toEqual(['database', 'billing', 'a/b']);
    expect(await fileSource({ path: json }).read('database', mayAsk)).toMatchObject({ value: { url: 'x' } });
  });

  it('is read again when it has changed, and may come and go', async () => {
    const path = join(folder, 'a.yaml');
    const source = fileSource({ path });
    expect(await source.read('a', mayAsk)).toEqual({ state: 'absent', why: 'there is no a.yaml' });
    await write('a.yaml', 'a: 1');
    expect(await source.read('a', mayAsk)).toMatchObject({ value: 1 });
    await write('a.yaml', 'a: 234');
    expect(await source.read('a', mayAsk)).toMatchObject({ value: 234 });
    await rm(path);
    expect(await source.read('a', mayAsk)).toMatchObject({ state: 'absent' });
  });

  it('says what it lacks, and that null is nothing', async () => {
    const source = fileSource({ path: await write('a.yaml', 'config: {a: null}'), section: 'config' });
    expect(await source.read('a', mayAsk)).toEqual({ state: 'absent', why: 'a.yaml has no "config.a"' });
    expect(await source.read('constructor', mayAsk)).toMatchObject({ state: 'absent' });
  });

  it.each([
    ['a.yaml', 'password: "hunter2'],
    ['a.json', '{"password": hunter2}'],
    ['b.yaml', '- hunter2'],
    ['c.yaml', 'a: 1\na: hunter2'],
  ])('S32 that is broken (%s, %s) is told without what it holds', async (name, text) => {
    const error = await fileSource({ path: await write(name, text) })
      .read('a', mayAsk)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });

  it('is not asked for what it cannot be read', async () => {
    await expect(fileSource({ path: folder }).read('a', mayAsk)).rejects.toMatchObject({
      code: 'file_unreadable',
    });
  });
});
