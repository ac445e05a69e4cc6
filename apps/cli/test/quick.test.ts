import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';
import { readQuickGet } from '../src/quick.ts';

describe('the short way of config get', () => {
  it('knows exactly the flags that the command has', () => {
    const io = { stdout: process.stdout, stderr: process.stderr, env: {} };
    const config = createProgram(io, new AbortController().signal).commands.find(
      (one) => one.name() === 'config',
    );
    const get = config?.commands.find((one) => one.name() === 'get');
    const flags = (get?.options ?? []).map(({ long, required, negate }) => ({
      long: long ?? '',
      required,
      negate,
    }));
    expect(flags.length).toBeGreaterThan(8);
    for (const { long, required, negate } of flags) {
      const read = readQuickGet(['config', 'get', 'k', long, ...(required ? ['v'] : [])]);
      const name = long
        .replace(/^--(no-)?/, '')
        .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      expect([long, read]).toEqual([long, { name: 'k', flags: { [name]: required ? 'v' : !negate } }]);
    }
  });

  it.each([
    [['config', 'set', 'k']],
    [['config', 'get']],
    [['config', 'get', 'a', 'b']],
    [['config', 'get', 'k', '--help']],
    [['config', 'get', 'k', '--app']],
    [['config', 'get', 'k', '--app=x']],
    [['config', 'get', 'k', '--app', '--json']],
    [['--json', 'config', 'get', 'k']],
    [[]],
  ])('leaves %j to the long one', (args) => {
    expect(readQuickGet(args)).toBeUndefined();
  });
});
