import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './support.ts';

const shell = promisify(execFile);

describe('completion in bash', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-completion-'));
    const { code, stdout } = await run(['completion', 'bash']);
    expect(code).toBe(0);
    await writeFile(join(folder, 'script'), stdout);
    await writeFile(join(folder, 'tls.key'), '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const complete = async (...words: string[]) => {
    const program =
      'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _drawbridge; declare -p COMPREPLY';
    const { stdout } = await shell('bash', ['-c', program, join(folder, 'script'), ...words], {
      cwd: folder,
    });
    return [...stdout.matchAll(/\[\d+\]="([^"]*)"/g)].map(([, word]) => word);
  };

  it('offers commands, those below them, and their flags', async () => {
    expect(await complete('drawbridge', 'log')).toEqual(['login', 'logout']);
    expect(await complete('drawbridge', 'config', 'his')).toEqual(['history']);
    expect(await complete('drawbridge', 'users', 'create', '--ro')).toEqual(['--role']);
    expect(await complete('drawbridge', 'config', 'get', 'greeting', '--fr')).toEqual(['--fresh']);
  });

  it('offers files where a flag takes one', async () => {
    expect(await complete('drawbridge', 'config', 'set', 'k', '--from-file', 'tls')).toEqual(['tls.key']);
  });
});

it.each(['zsh', 'fish'])('there is a script for %s with every command in it', async (name) => {
  const { code, stdout } = await run(['completion', name]);
  expect(code).toBe(0);
  for (const word of ['login', 'rollback', 'credential']) expect(stdout).toContain(word);
});

it('another shell is refused with those that there are', async () => {
  const { code, stderr } = await run(['completion', 'tcsh']);
  expect([code, stderr]).toEqual([
    2,
    'error[usage]: There is no completion for tcsh; there is one for bash, zsh, fish.\n',
  ]);
});
