import { stripVTControlCharacters } from 'node:util';
import { DrawbridgeError } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import {
  describeError,
  duration,
  errorDocument,
  type Io,
  printTable,
  Terminal,
} from '../src/terminal/index.ts';

function fakeIo(
  env: Record<string, string> = {},
  options: { tty?: boolean; columns?: number } = {},
): Io & { readonly out: string[]; readonly err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const stream = (to: string[]) => ({
    write: (text: string) => to.push(text),
    isTTY: options.tty === true,
    ...(options.columns === undefined ? {} : { columns: options.columns }),
  });
  return { stdout: stream(out), stderr: stream(err), env, out, err };
}
const plainTerminal = { json: false, colour: true };

describe('marks', () => {
  it('align name and text, and put the time at the right edge of 80 columns', () => {
    const io = fakeIo({ LANG: 'C.UTF-8' });
    new Terminal(io, plainTerminal).mark('ok', ['token', 'cached'], '2 ms');
    expect(io.err).toEqual([`✓ token         cached${' '.repeat(54)}2 ms\n`]);
    expect(io.err[0]?.length).toBe(81);
  });

  it('are words where the locale is not UTF-8', () => {
    const io = fakeIo({ LC_ALL: 'C' });
    const terminal = new Terminal(io, plainTerminal);
    for (const mark of ['ok', 'fail', 'warn', 'wait', 'skip'] as const)
      terminal.mark(mark, ['netbird', 'waiting… – ✓']);
    expect(io.err.map((line) => line.slice(0, 5))).toEqual(['ok   ', 'FAIL ', 'WARN ', 'wait ', 'skip ']);
    expect(io.err.join('')).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it.each([
    ['on a terminal', { LANG: 'C.UTF-8' }, true, true],
    ['in a pipe', { LANG: 'C.UTF-8' }, false, false],
    ['in a pipe with FORCE_COLOR', { LANG: 'C.UTF-8', FORCE_COLOR: '1' }, false, true],
    ['with NO_COLOR', { LANG: 'C.UTF-8', NO_COLOR: '1' }, true, false],
    ['on a dumb terminal', { LANG: 'C.UTF-8', TERM: 'dumb' }, true, false],
  ])('colour %s', (_name, env, tty, coloured) => {
    const io = fakeIo(env, { tty });
    new Terminal(io, plainTerminal).mark('ok', ['token', 'cached'], '2 ms');
    expect(io.err.join('').includes('\u001b[')).toBe(coloured);
    expect(stripVTControlCharacters(io.err.join('')).trimEnd().length, 'colour changes no width').toBe(80);
  });

  it('are silent with --json', () => {
    const io = fakeIo();
    new Terminal(io, { json: true, colour: true }).mark('ok', ['token', '']);
    expect(io.err).toEqual([]);
  });
});

it.each([
  [0.4, '0 ms'],
  [310, '310 ms'],
  [1_449, '1.4 s'],
  [59_949, '59.9 s'],
  [59_999, '1:00'],
  [124_000, '2:04'],
])('%d ms reads %s', (ms, text) => expect(duration(ms)).toBe(text));

describe('tables', () => {
  const columns = [
    { title: 'EMAIL', value: (row: string[]) => row[0] ?? '' },
    { title: 'COUNT', value: (row: string[]) => row[1] ?? '', right: true },
    { title: 'NOTE', value: (row: string[]) => row[2] ?? '' },
  ];
  const rows = [
    ['ada@north.example', '7', 'x'.repeat(60)],
    ['b@n.example', '1,204', 'short'],
  ];

  it('in a pipe have no header, no cut and no trailing spaces', () => {
    const io = fakeIo({ LANG: 'C.UTF-8' });
    printTable(new Terminal(io, plainTerminal), columns, rows);
    expect(io.out).toEqual([
      `ada@north.example      7  ${'x'.repeat(60)}\n`,
      'b@n.example        1,204  short\n',
    ]);
  });

  it('on a terminal drop the last columns until they fit, and say so', () => {
    const io = fakeIo({ LANG: 'C.UTF-8' }, { tty: true, columns: 40 });
    printTable(new Terminal(io, plainTerminal), columns, rows);
    expect(io.out[0]).toBe('EMAIL              COUNT\n');
    expect(io.err.join('')).toContain('NOTE');
  });
});

describe('errors', () => {
  const error = new DrawbridgeError('unreachable', {
    message: 'sso.acme.example cannot be reached.',
    where: 'GET https://sso.acme.example/',
    saw: 'ECONNREFUSED',
    why: 'nothing listens there',
    fix: 'drawbridge doctor',
    cause: new Error('Bearer hunter2'),
  });

  it('say what, where, what was seen, why and what to do, aligned', () => {
    expect(describeError(error)).toBe(
      [
        'error[unreachable]: sso.acme.example cannot be reached.',
        '  where  GET https://sso.acme.example/',
        '  saw    ECONNREFUSED',
        '  why    nothing listens there',
        '  do     drawbridge doctor',
      ].join('\n'),
    );
  });

  it('are one sentence for usage and a missing sign-in', () => {
    expect(
      describeError(new DrawbridgeError('usage', { message: 'No.', fix: 'See --help.', where: 'here' })),
    ).toBe('error[usage]: No. See --help.');
  });

  it('show every mistake of several', () => {
    const problems = [
      { field: 'ZITADEL_ISSUER', message: 'is not a URL' },
      { field: '--port', message: 'is not a port' },
    ];
    expect(describeError(new DrawbridgeError('invalid_settings', { problems })).split('\n').slice(1)).toEqual(
      ['  ZITADEL_ISSUER is not a URL', '  --port is not a port'],
    );
  });

  it('are one document with --json, with code and status and without the cause', () => {
    const document = JSON.parse(errorDocument(error, 'r1')) as Record<string, unknown>;
    expect(document).toMatchObject({
      code: 'unreachable',
      status: 503,
      requestId: 'r1',
      fix: 'drawbridge doctor',
    });
    expect(JSON.stringify(document)).not.toContain('hunter2');
  });

  it('show stacks only with --debug', () => {
    expect(describeError(error)).not.toContain(' at ');
    expect(describeError(error, { debug: true })).toContain('caused by');
  });
});
