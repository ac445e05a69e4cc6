import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { createLogger, lockFolder, paths, readPrivateFile, writeFileAtomic } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const source = '--conditions=@drawbridge/source';
const lockModule = new URL('../../src/files/lock-folder.ts', import.meta.url).href;

describe('writeFileAtomic', () => {
  it('S34 replaces a file as a whole, for its owner only, and leaves nothing beside it', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'deep', 'file');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array()), async (data) => {
        await writeFileAtomic(path, data);
        expect(Buffer.compare(await readFile(path), Buffer.from(data as string))).toBe(0);
      }),
      { numRuns: 25 },
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'deep'))).toEqual(['file']);
  });

  it('shows a reader the old content or the new, never a part', async () => {
    const path = join(await tempFolder(), 'file');
    const contents = ['a'.repeat(500_000), 'b'.repeat(500_000)];
    await writeFileAtomic(path, contents[0] ?? '');
    const seen = new Set<string>();
    let writing = true;
    const reading = (async () => {
      while (writing) seen.add(await readFile(path, 'utf8'));
    })();
    for (let turn = 1; turn <= 20; turn++) await writeFileAtomic(path, contents[turn % 2] ?? '');
    writing = false;
    await reading;
    for (const content of seen) expect(contents).toContain(content);
  });

  it('says why it could not', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(writeFileAtomic(join(folder, 'file', 'below'), 'x')).rejects.toMatchObject({
      code: 'file_unwritable',
      where: join(folder, 'file', 'below'),
    });
  });
});

describe('readPrivateFile', () => {
  it('S13 tells that a file is open to others, and warns', async () => {
    const path = join(await tempFolder(), 'key.json');
    await writeFile(path, 'content', { mode: 0o600 });
    const lines: string[] = [];
    const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
    const own = await readPrivateFile(path, { logger });
    expect([own.exposed, own.content.expose(), lines.length]).toEqual([false, 'content', 0]);
    await chmod(path, 0o640);
    expect((await readPrivateFile(path, { logger })).exposed).toBe(true);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('content');
  });

  it('refuses what is missing, a folder or too large', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'big'), 'xxxxx');
    await expect(readPrivateFile(join(folder, 'none'))).rejects.toMatchObject({
      code: 'file_unreadable',
      saw: 'ENOENT',
    });
    await expect(readPrivateFile(folder)).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(readPrivateFile(join(folder, 'big'), { maxBytes: 4 })).rejects.toMatchObject({
      code: 'file_unreadable',
      saw: '5 bytes',
    });
  });
});

describe('lockFolder', () => {
  it('refuses a second opener in this process and names the holder', async () => {
    const folder = await tempFolder();
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`Process ${process.pid}`),
    });
    await lock.release();
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it('lets exactly one of many openers in', async () => {
    const folder = await tempFolder();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
  });

  it('refuses another process, and is free once the holder is killed', async () => {
    const folder = await tempFolder();
    const script = `import { lockFolder } from '${lockModule}';
      await lockFolder(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, [source, '--input-type=module', '-e', script, folder]);
    onTestFinished(() => {
      holder.kill('SIGKILL');
    });
    await once(holder.stdout, 'data');
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`Process ${holder.pid}`),
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = await lockFolder(folder);
    const attempt = `import { lockFolder } from '${lockModule}';
      await lockFolder(process.argv[1]).then(() => console.log('in'), (error) => console.log(error.code));`;
    const { stdout } = await run(process.execPath, [source, '--input-type=module', '-e', attempt, folder]);
    expect(stdout).toBe('locked\n');
    await lock.release();
  });

  it('keeps the folder when its own process tries again: that dropped the lock for all others', async () => {
    const folder = await tempFolder();
    const lock = await lockFolder(folder);
    await expect(lockFolder(join(folder, '..', basename(folder)))).rejects.toMatchObject({ code: 'locked' });
    const attempt = `import { lockFolder } from '${lockModule}';
      await lockFolder(process.argv[1]).then(() => console.log('in'), (error) => console.log(error.code));`;
    const { stdout } = await run(process.execPath, [source, '--input-type=module', '-e', attempt, folder]);
    expect(stdout).toBe('locked\n');
    await lock.release();
  });

  it('says when the folder cannot be made', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(lockFolder(join(folder, 'file', 'data'))).rejects.toMatchObject({ code: 'file_unwritable' });
    await mkdir(join(folder, 'ok'));
  });
});

describe('paths', () => {
  it('puts everything under DRAWBRIDGE_DATA_DIR', () => {
    const all = paths({ env: { DRAWBRIDGE_DATA_DIR: '/srv/bridge' } });
    for (const path of Object.values(all)) expect(path).toMatch(/^\/srv\/bridge/);
    expect(new Set(Object.values(all)).size).toBe(5);
  });

  it('follows the platform otherwise', () => {
    const defaults = { data: '/d', config: '/c', cache: '/k' };
    expect(paths({ env: {}, defaults })).toEqual({
      ...defaults,
      session: '/d/session.json',
      stackKeys: '/d/stack',
    });
    expect(paths({ env: { DRAWBRIDGE_DATA_DIR: '' } }).data).toContain('drawbridge');
  });
});
