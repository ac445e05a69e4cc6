import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { untilNothingUnderWay } from '../../src/tools/index.ts';
import { createProgram } from '../../src/tools/program.ts';
import { noteUnderWay } from '../../src/tools/under-way.ts';

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-under-way-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { folder, path: join(folder, 'under-way.json') };
}

/** A program of that name that works until it is killed, as one does whose command was. */
async function orphan(folder: string) {
  const script = join(folder, 'helm');
  await writeFile(script, `setInterval(() => undefined, 1_000); process.stdout.write('at work');`);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('a program that a killed command left at work', () => {
  it('is waited for, and told', async () => {
    const { folder, path } = await openFolder();
    const child = await orphan(folder);
    noteUnderWay(path, { program: 'helm', pid: child.pid ?? 0 });
    const clock = new ManualClock();
    const told: string[] = [];
    const { signal } = new AbortController();
    const over = untilNothingUnderWay(path, {
      ...{ clock, signal, timeoutMs: 600_000 },
      onWaiting: (why) => told.push(why),
    });
    await expect.poll(() => clock.sleeping).toBe(1);
    clock.advance(1_000);
    await expect.poll(() => clock.sleeping).toBe(1);
    expect(told).toEqual([`helm of an earlier run is at work, process ${child.pid}`]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    clock.advance(1_000);
    await over;
    expect(await isThere(path)).toBe(false);
  });

  it('that does not end is told with what to do, and a person may stop waiting', async () => {
    const { folder, path } = await openFolder();
    const { pid = 0 } = await orphan(folder);
    noteUnderWay(path, { program: 'helm', pid });
    const clock = new ManualClock();
    const stop = new AbortController();
    const wait = { clock, signal: stop.signal, timeoutMs: 10_000 };
    const late = untilNothingUnderWay(path, wait).catch((error: unknown) => error);
    await expect.poll(() => clock.sleeping).toBe(1);
    clock.advance(10_000);
    expect(await late).toMatchObject({
      code: 'stack_not_ready',
      fix: expect.stringContaining(`kill ${pid}`),
    });
    const impatient = untilNothingUnderWay(path, wait).catch((error: unknown) => error);
    stop.abort();
    expect(await impatient).toMatchObject({ code: 'canceled' });
    expect(await isThere(path)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('is not another one that got its number', async () => {
    const { path } = await openFolder();
    noteUnderWay(path, { program: 'no-such-program', pid: process.pid });
    await untilNothingUnderWay(path, {
      ...{ clock: new ManualClock(), signal: new AbortController().signal, timeoutMs: 0 },
    });
    expect(await isThere(path)).toBe(false);
  });

  it('is none where nothing, or half a note, was written', async () => {
    const { path } = await openFolder();
    const wait = { clock: new ManualClock(), signal: new AbortController().signal, timeoutMs: 0 };
    await untilNothingUnderWay(path, wait);
    await writeFile(path, '{"program":"he');
    await untilNothingUnderWay(path, wait);
  });

  it('is written down only while it works', async () => {
    const { folder, path } = await openFolder();
    const looks = join(folder, 'looks');
    await writeFile(
      looks,
      `#!${process.execPath}\nprocess.stdout.write(require('node:fs').readFileSync(process.argv[2]));`,
    );
    await chmod(looks, 0o755);
    const program = createProgram({ name: looks, install: '' });
    const note = JSON.parse(await program.run([path], { underWay: path }));
    expect(note).toEqual({ program: looks, pid: expect.any(Number) });
    expect(await isThere(path)).toBe(false);
  });
});
