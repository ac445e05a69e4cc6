import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';
import { run } from './support.ts';

describe('what is typed wrongly is said in one sentence, with exit code 2', () => {
  it.each([
    [
      ['users', 'list', '--orgs', 'demo'],
      'drawbridge users list has no flag --orgs. Did you mean --org? See drawbridge users list --help.',
    ],
    [['users', 'list'], 'drawbridge users list needs --org <organization>. In dev it is demo.'],
    [['usres'], 'There is no drawbridge usres. Did you mean users? See drawbridge --help.'],
    [['users', 'create'], 'drawbridge users create needs <mail>. See drawbridge users create --help.'],
    [
      ['setup', 'directory'],
      'drawbridge setup directory needs --admin <subject>. See drawbridge setup directory --help.',
    ],
    [
      ['dev', '--port-base', '99999'],
      "drawbridge dev: option '--port-base <port>' argument '99999' is invalid. A port is a number up to 65000. See drawbridge dev --help.",
    ],
    [['version', 'x'], 'drawbridge version was given more than it takes. See drawbridge version --help.'],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout, stderr]).toEqual([2, '', `error[usage]: ${sentence}\n`]);
  });

  it('is one document with --json', async () => {
    const { code, stderr } = await run(['users', 'list', '--json', '--orgs', 'x']);
    expect([code, (JSON.parse(stderr) as { code: string }).code]).toEqual([2, 'usage']);
  });

  it('a group alone is answered with what there is', async () => {
    const { code, stderr } = await run(['users']);
    expect(code).toBe(2);
    expect(stderr).toContain('create [options] <mail>');
  });
});

it('without dev and without settings it says what to set, with exit code 3', async () => {
  const { code, stderr } = await run(['users', 'list', '--org', 'demo', '--data-dir', '/nonexistent']);
  expect([code, stderr]).toEqual([
    3,
    'error[not_signed_in]: No Zitadel is set and no drawbridge dev was found. Start drawbridge dev, or set ZITADEL_ISSUER and ZITADEL_KEY_PATH.\n',
  ]);
});

it('dev says what is wrong with a folder that cannot be made', async () => {
  const { code, stderr } = await run(['dev', '--data-dir', '/dev/null/dev']);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^error\[file_unwritable\]: \/dev\/null\/dev /)]);
});

it('doctor tells its findings as its answer, each with what to do, and ends 1', async () => {
  const { code, stdout, stderr } = await run([
    'doctor',
    '--data-dir',
    '/nonexistent',
    '--issuer',
    'http://localhost:1',
    '--key',
    '/nonexistent/key.json',
  ]);
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(
    /^✗ port {10}nothing answers at localhost:1 \(ECONNREFUSED\)\n {2}means .+\n {2}do .+\n/,
  );
  expect(stdout).toMatch(/^✗ key file {6}.+ there is none\.\n {2}do .+\n2 failed, /m);
});

it('every mistake in the settings is told at once, with exit code 2', async () => {
  const { code, stderr } = await run(['token', '--data-dir', '/nonexistent'], {
    ZITADEL_ISSUER: 'not a url',
    DRAWBRIDGE_DIRECTORY: 'nor this',
  });
  expect(code).toBe(2);
  expect(stderr).toContain('ZITADEL_ISSUER');
  expect(stderr).toContain('DRAWBRIDGE_DIRECTORY');
});

it('version tells its own and that of Node', async () => {
  const { code, stdout } = await run(['version', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    schema: 'drawbridge.version/v1',
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  });
});

it('every command has a sentence, examples, and fits 80 columns of help', () => {
  const program = createProgram(
    { stdout: process.stdout, stderr: process.stderr, env: {} },
    new AbortController().signal,
  );
  const leaves = program.commands.flatMap((command) =>
    command.commands.length > 0 ? command.commands : [command],
  );
  expect(leaves.length).toBeGreaterThan(8);
  for (const leaf of leaves) {
    expect([leaf.name(), /^[A-Z].*\.$/m.test(leaf.description())]).toEqual([leaf.name(), true]);
    if (leaf.name() !== 'version')
      expect([leaf.name(), leaf.description().includes('Examples:')]).toEqual([leaf.name(), true]);
    for (const line of leaf.helpInformation().split('\n')) expect(line.length, line).toBeLessThanOrEqual(84);
  }
});
