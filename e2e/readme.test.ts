import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startDrawbridge } from './support/command.ts';

const root = join(import.meta.dirname, '..');
const shell = promisify(execFile);

let home: string;
let dev: Running;
let blocks: readonly string[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drawbridge-readme-'));
  dev = await startDrawbridge(['dev', '--port-base', '0'], { DRAWBRIDGE_DATA_DIR: home });
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## Create a user'), readme.indexOf('## Sign in, '));
  blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, code = '']) => code);
});
afterAll(async () => {
  await dev.kill('SIGTERM');
  await rm(home, { recursive: true, force: true });
});

it('the lines of README, typed one after the other, do what it says', async () => {
  expect(blocks).toHaveLength(3);
  // The README's ports are those of a dev that has them to itself.
  const script = blocks
    .join('\necho "--- next"\n')
    .replaceAll('http://127.0.0.1:7703', String(dev.ready.directory))
    .replaceAll('http://localhost:7700', String(dev.ready.issuer));
  const { stdout } = await shell('bash', ['-euc', script], {
    cwd: root,
    env: {
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      HOME: home,
      LANG: 'C.UTF-8',
      DRAWBRIDGE_DATA_DIR: home,
    },
  });
  const [byCommand = '', byApi = '', readBack = ''] = stdout.split('--- next\n');
  expect(byCommand).toMatch(/^ada@demo\.localhost {2}active {2}user \S+ {2}run \S+\n$/);
  const created = JSON.parse(byApi) as { user: { id: string; email: string }; run: { steps: unknown[] } };
  expect([created.user.email, created.run.steps.length]).toEqual(['grace@demo.localhost', 9]);
  const { result } = JSON.parse(readBack) as {
    result: { userId: string; details: { resourceOwner: string } }[];
  };
  expect(result).toMatchObject([
    { userId: created.user.id, details: { resourceOwner: dev.ready.organizationId } },
  ]);
});
