import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const launcher = join(import.meta.dirname, '../../bin/drawbridge.cjs');
const workspace = join(import.meta.dirname, '../../../..');

/** The machine's own Node, where it is older than what the sources need. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) =>
    existsSync(path) && /^v(1\d|2[0-3])\./.test(execFileSync(path, ['--version'], { encoding: 'utf8' })),
);
const nodes = [
  { name: 'this Node', node: process.execPath },
  ...(oldNode ? [{ name: 'an older Node', node: oldNode }] : []),
];

/** A clone or an installed package: the launcher beside a program that shows what it was given. */
async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'launcher-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'apps/cli/bin'), { recursive: true });
  await writeFile(join(folder, 'apps/cli/package.json'), '{"type":"module"}');
  await copyFile(launcher, join(folder, 'apps/cli/bin/drawbridge.cjs'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

function launch(node: string, folder: string, args: readonly string[] = [], cwd = workspace) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const bin = join(folder, 'apps/cli/bin/drawbridge.cjs');
    execFile(node, [bin, ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const show = (what: string) =>
  `console.log('${what}', process.argv.slice(2).join(' '), Number(process.versions.node.split('.')[0]) >= 24); process.exitCode = 7;`;

describe.each(nodes)('started by $name', ({ node }) => {
  it('runs the build with the arguments as they are, passes the exit code on and says nothing itself', async () => {
    const folder = await tree({ 'apps/cli/dist/main.js': show('built') });
    expect(await launch(node, folder, ['a', '--b=c d'])).toEqual({
      code: 7,
      stdout: 'built a --b=c d true\n',
      stderr: '',
    });
  });

  it('runs the sources where there is no build or one that is older', async () => {
    const folder = await tree({ 'apps/cli/src/main.ts': `const what: string = 'source'; ${show('source')}` });
    expect(await launch(node, folder)).toEqual({ code: 7, stdout: 'source  true\n', stderr: '' });
    await mkdir(join(folder, 'apps/cli/dist'));
    await writeFile(join(folder, 'apps/cli/dist/main.js'), show('built'));
    expect((await launch(node, folder)).stdout).toContain('built');
    await mkdir(join(folder, 'packages/kit/src/deep'), { recursive: true });
    const edited = join(folder, 'packages/kit/src/deep/index.ts');
    await writeFile(edited, '');
    await utimes(edited, new Date(), new Date(Date.now() + 60_000));
    expect((await launch(node, folder)).stdout).toContain('source');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('passes %s on, and ends as the program does', async (signal, expected) => {
    const waiting = `console.log('up'); setInterval(() => {}, 1000);`;
    const folder = await tree({ 'apps/cli/src/main.ts': waiting });
    const child = spawn(node, [join(folder, 'apps/cli/bin/drawbridge.cjs')], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(expected);
  });

  it('lets a program that handles the signal finish', async () => {
    const handling = `process.on('SIGTERM', () => { process.exit(5); }); console.log('up'); setInterval(() => {}, 1000);`;
    const folder = await tree({ 'apps/cli/src/main.ts': handling });
    const child = spawn(node, [join(folder, 'apps/cli/bin/drawbridge.cjs')], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(5);
  });

  it('says one sentence and ends with 2 where there is nothing to run', async () => {
    const { code, stdout, stderr } = await launch(node, await tree({}));
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
    expect(stderr).toContain('not built');
  });
});

describe.skipIf(!oldNode)('where only an older Node is found', () => {
  it('says one sentence and ends with 2', async () => {
    const folder = await tree({ 'apps/cli/dist/main.js': show('built') });
    const { code, stderr } = await launch(oldNode ?? '', folder, [], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^drawbridge needs Node 24\.21\.0 or newer, this is .*\n$/);
  });
});

it('answers in this workspace', async () => {
  const { stdout } = await new Promise<{ stdout: string }>((resolve, reject) => {
    execFile(oldNode ?? process.execPath, [launcher, 'version'], (error, out) =>
      error ? reject(error) : resolve({ stdout: out }),
    );
  });
  expect(stdout).toMatch(/^drawbridge \d+\.\d+\.\d+/);
});
