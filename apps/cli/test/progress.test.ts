import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ask,
  confirm,
  type Io,
  moment,
  sinceOf,
  startBar,
  startWait,
  Terminal,
  thousands,
} from '../src/terminal/index.ts';

function terminalOf(env: Record<string, string>, tty: boolean) {
  const err: string[] = [];
  const stream = (to: string[]) => ({ write: (text: string) => to.push(text), isTTY: tty, columns: 80 });
  const io: Io = { stdout: stream([]), stderr: stream(err), env };
  return { terminal: new Terminal(io, { json: false, colour: true }), err };
}
const half = {
  done: 612,
  total: 1_202,
  counts: { done: 611, attention: 1 },
  perSecond: 4.9,
  leftMs: 120_000,
};

describe('a bar', () => {
  it('is drawn again on a terminal, within 80 columns', () => {
    const { terminal, err } = terminalOf({ LANG: 'C.UTF-8' }, true);
    const bar = startBar(terminal, 'import 4K9D');
    bar.update(half);
    bar.end();
    const [line = '', end] = err.map((text) => stripVTControlCharacters(text).replaceAll('\r', ''));
    expect(line).toMatch(/^import 4K9D ━+─+ {3}612\/1,202 {3}4\.9\/s {3}2:00 left$/);
    expect(line.length).toBeLessThanOrEqual(80);
    expect(end).toBe('');
  });

  it('is ASCII where the locale is not UTF-8', () => {
    const { terminal, err } = terminalOf({ LC_ALL: 'C' }, true);
    startBar(terminal, 'import 4K9D').update(half);
    expect(err.join('')).toMatch(/import 4K9D =+-+ {3}612/);
  });

  it.each([[{ LANG: 'C.UTF-8' }, false] as const, [{ LANG: 'C.UTF-8', CI: '1' }, true] as const])(
    'is a line at each change elsewhere, and not for each count: %j',
    (env, tty) => {
      const { terminal, err } = terminalOf(env, tty);
      const bar = startBar(terminal, 'import 4K9D');
      bar.update(half);
      bar.update({ ...half, done: 613, counts: { done: 612, attention: 1 } });
      bar.update({ ...half, done: 614, counts: { done: 612, attention: 2 } });
      bar.end();
      expect(err.map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''))).toEqual([
        'import 4K9D 612/1202 done=611 attention=1 rate=4.9/s left=120s\n',
        'import 4K9D 614/1202 done=612 attention=2 rate=4.9/s left=120s\n',
      ]);
    },
  );
});

describe('times and counts', () => {
  const now = new Date('2026-11-22T10:02:11Z');
  it.each([
    ['2026-11-22T09:12:05Z', '09:12:05'],
    ['2026-11-20T10:02:00Z', 'Nov 20 10:02'],
    ['2025-12-20T10:02:00Z', 'Dec 20 2025 10:02'],
  ])('%s is %s', (iso, shown) => {
    expect(moment(iso, { utc: true, now })).toBe(shown);
  });

  it('are as people say them', () => {
    expect(
      ['2026-11-22T10:02:00Z', '2026-11-22T09:48:00Z', '2026-11-22T05:00:00Z', '2026-11-12T10:00:00Z'].map(
        (iso) => sinceOf(iso, now.getTime()),
      ),
    ).toEqual(['now', '14 min', '5 h', '10 d']);
    expect(thousands(1_204)).toBe('1,204');
  });
});

describe('a question', () => {
  const { terminal } = terminalOf({}, false);
  const { signal } = new AbortController();
  it('names its flag where nobody can be asked', async () => {
    const question = { flag: '--reason', given: undefined, text: 'A reason' };
    await expect(ask(terminal, question, signal)).rejects.toMatchObject({
      code: 'usage',
      message: 'A reason is needed: --reason.',
    });
    expect(await ask(terminal, { ...question, given: ' left ' }, signal)).toBe('left');
    const dangerous = { consequence: 'Ada is deleted.', type: 'ada' };
    await expect(confirm(terminal, { ...dangerous, yes: false }, signal)).rejects.toMatchObject({
      code: 'usage',
    });
    await confirm(terminal, { ...dangerous, yes: true }, signal);
  });
});

describe('a wait that cannot be drawn again', () => {
  it('says what it is for once it has lasted, although that was named before', () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { terminal, err } = terminalOf({ LANG: 'C.UTF-8' }, false);
    const wait = startWait(terminal, 'checking');
    vi.advanceTimersByTime(1_000);
    wait.update('checking directory');
    expect(err).toEqual([]);
    vi.advanceTimersByTime(5_000);
    wait.end();
    expect(err).toEqual([expect.stringMatching(/checking directory {2}2\.0 s/)]);
  });
});
