import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DrawbridgeError } from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { charts, settleStack } from '../../src/settings/index.ts';
import { createHelm, createK3d } from '../../src/tools/index.ts';
import { createProgram } from '../../src/tools/program.ts';
import { compareVersions } from '../../src/tools/versions.ts';
import { k3dConfig } from '../../src/values/index.ts';

/** A program of that name which runs a script of Node, on a path of its own. */
async function standIn(name: string, script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-tools-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${script}`);
  await chmod(path, 0o755);
  return { folder, env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` } };
}

/** Notes what it is called with, and answers what the test wants. */
const noting = (answers: Readonly<Record<string, string>>) => `
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
const stdin = args.includes('-') ? readFileSync(0, 'utf8') : '';
appendFileSync(__dirname + '/calls', JSON.stringify({ args, stdin, kubeconfig: process.env.KUBECONFIG }) + '\\n');
const answers = ${JSON.stringify(answers)};
const first = args.includes('--selector') ? 'list --selector' : args.slice(0, 2).join(' ');
process.stdout.write(answers[first] ?? answers[args[0]] ?? '');
`;

interface Call {
  readonly args: readonly string[];
  readonly stdin: string;
  readonly kubeconfig?: string;
}

async function callsIn(folder: string): Promise<readonly Call[]> {
  const text = await readFile(join(folder, 'calls'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Call);
}

describe('an outside program', () => {
  it('that is not there is named, with how to come by it', async () => {
    const program = createProgram({ name: 'drawbridge-no-such-program', install: 'Install it.' });
    await expect(program.run([])).rejects.toMatchObject({ code: 'program_missing', fix: 'Install it.' });
  });

  it('that fails is told with its last lines, and not with what it was given', async () => {
    const { env } = await standIn(
      'broken',
      `process.stderr.write('one\\n'.repeat(50) + 'no route to host'); process.exitCode = 3;`,
    );
    const program = createProgram({ name: 'broken', install: '', env });
    const error = await program.run(['install'], { stdin: 'password: hunter2' }).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'program_failed', where: 'broken install' });
    expect(error.saw).toBe('one / one / no route to host');
    expect(JSON.stringify([error, error.message, error.saw])).not.toContain('hunter2');
  });

  it('is told to the log with what it wrote, for the report of a failure', async () => {
    const { env } = await standIn('talks', `process.stderr.write('pulling\\ndone\\n');`);
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    await createProgram({ name: 'talks', install: '', env, log }).run(['up']);
    expect(lines).toEqual(['$ talks up', 'pulling', 'done']);
  });

  it('is ended where what it does cannot be written down: it could not be gone on with', async () => {
    const { env, folder } = await standIn(
      'writes',
      `process.stderr.write('one\\n'); setInterval(() => undefined, 1000);`,
    );
    const full = new DrawbridgeError('file_unwritable', { message: 'The disk is full.' });
    const log = (line: string) => {
      if (line === 'one') throw full;
    };
    await expect(createProgram({ name: 'writes', install: '', env, log }).run([])).rejects.toBe(full);
    const quiet = createProgram({ name: 'writes', install: '', env });
    const underWay = join(folder, 'no-such-folder', 'under-way.json');
    await expect(quiet.run([], { underWay })).rejects.toMatchObject({
      code: 'file_unwritable',
      where: underWay,
    });
  });

  it('that hangs is ended, and so is one that nobody waits for any more', async () => {
    const { env } = await standIn('slow', `setInterval(() => undefined, 1000);`);
    const program = createProgram({ name: 'slow', install: '', env });
    await expect(program.run([], { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' });
    const ended = new AbortController();
    const running = program.run([], { signal: ended.signal });
    ended.abort();
    await expect(running).rejects.toMatchObject({ code: 'canceled' });
  });

  it('is run without a shell', async () => {
    const { env } = await standIn('echoes', `process.stdout.write(JSON.stringify(process.argv.slice(2)));`);
    const program = createProgram({ name: 'echoes', install: '', env });
    const args = ['$(id)', '; true', "it's", '*'];
    expect(JSON.parse(await program.run(args))).toEqual(args);
  });

  it('of another version is refused by name', async () => {
    const { env } = await standIn(
      'k3d',
      noting({ version: 'k3d version v4.4.8\nk3s version v1.21.3-k3s1 (default)' }),
    );
    await expect(createK3d({ env }).requireVersion()).rejects.toMatchObject({
      code: 'program_too_old',
      fix: expect.stringContaining('5.6.0'),
    });
  });

  it('says no patch level where it was not built by its authors, and is taken', async () => {
    const { env } = await standIn('helm', noting({ version: 'v3.19' }));
    expect(await createHelm({ stack: 'lab', env }).requireVersion()).toBe('3.19');
  });

  it('versions are compared by their numbers', () => {
    expect(compareVersions('5.10.0', '5.9.0')).toBeGreaterThan(0);
    expect(compareVersions('5.9.0', '5.9.0')).toBe(0);
    expect(compareVersions('4.99.99', '5.0.0')).toBeLessThan(0);
    expect(compareVersions('3.14', '3.14.0')).toBe(0);
  });
});

describe('k3d', () => {
  it('is given its configuration by standard input', async () => {
    const { env, folder } = await standIn('k3d', noting({}));
    const config = k3dConfig(settleStack({ folder }));
    await createK3d({ env }).create(config);
    const [{ args, stdin } = { args: [], stdin: '' }] = await callsIn(folder);
    expect(args).toEqual(['cluster', 'create', '--config', '-']);
    expect(parse(stdin)).toEqual(config);
  });

  it('finds a cluster, also where there is none at all', async () => {
    const listed = JSON.stringify([{ name: 'lab', serversCount: 1, serversRunning: 0 }]);
    const one = await standIn('k3d', noting({ 'cluster list': listed }));
    expect(await createK3d({ env: one.env }).find('lab')).toMatchObject({ serversRunning: 0 });
    expect(await createK3d({ env: one.env }).find('other')).toBeUndefined();
    const none = await standIn('k3d', noting({ 'cluster list': 'null' }));
    expect(await createK3d({ env: none.env }).find('lab')).toBeUndefined();
  });
});

describe('helm', () => {
  const chart = charts.openbao;

  it('gets values by standard input, and the cluster that is meant', async () => {
    const { env, folder } = await standIn('helm', noting({ list: '[]' }));
    const helm = createHelm({ stack: 'lab', kubeconfig: '/stack/kubeconfig', context: 'k3d-lab', env });
    await helm.install(chart, { server: { dataStorage: { size: '1Gi' } } });
    const install = (await callsIn(folder)).at(-1);
    expect(install?.args.join(' ')).toBe(
      'upgrade openbao openbao --install --repo https://openbao.github.io/openbao-helm --version 0.29.2 ' +
        '--namespace openbao --create-namespace --labels drawbridge.internal/stack=lab --values - --timeout 600s --kube-context k3d-lab',
    );
    expect(parse(install?.stdin ?? '')).toEqual({ server: { dataStorage: { size: '1Gi' } } });
    expect(install?.kubeconfig).toBe('/stack/kubeconfig');
  });

  it('takes away what a cut-off run left pending, or no other would be taken', async () => {
    const pending = {
      name: chart.release,
      namespace: chart.namespace,
      status: 'pending-install',
      chart: 'openbao-0.29.2',
    };
    const { env, folder } = await standIn('helm', noting({ list: JSON.stringify([pending]) }));
    await createHelm({ stack: 'lab', kubeconfig: '/k', env }).install(chart, {});
    const verbs = (await callsIn(folder)).map(({ args }) => args[0]);
    expect(verbs.filter((verb) => verb !== 'list')).toEqual(['uninstall', 'upgrade']);
  });

  it('leaves a release of the same chart and values as it is, and changes one of others', async () => {
    const there = { name: 'openbao', namespace: 'openbao', status: 'deployed', chart: 'openbao-0.29.2' };
    const { env, folder } = await standIn(
      'helm',
      noting({ list: JSON.stringify([there]), get: JSON.stringify({ a: { b: 1 } }) }),
    );
    const helm = createHelm({ stack: 'lab', kubeconfig: '/k', env });
    await helm.install(chart, { a: { b: 1, c: undefined } });
    expect((await callsIn(folder)).map(({ args }) => args[0])).toEqual(['list', 'list', 'get']);
    await helm.install(chart, { a: { b: 2 } });
    expect((await callsIn(folder)).at(-1)?.args[0]).toBe('upgrade');
  });

  it('uninstalls what is there and nothing else', async () => {
    const { env, folder } = await standIn('helm', noting({ list: '[]' }));
    expect(await createHelm({ stack: 'lab', kubeconfig: '/k', env }).uninstall(chart)).toBe(false);
    expect((await callsIn(folder)).map(({ args }) => args[0])).toEqual(['list', 'list']);
  });

  it('changes and removes no release that somebody made under the same name, whatever its state', async () => {
    const theirs = {
      name: 'openbao',
      namespace: 'openbao',
      status: 'pending-upgrade',
      chart: 'openbao-0.20.0',
    };
    const operator = { ...theirs, name: 'cnpg', namespace: 'cnpg-system', chart: 'cloudnative-pg-0.26.1' };
    const list = JSON.stringify([theirs, operator]);
    const { env, folder } = await standIn('helm', noting({ list, 'list --selector': '[]' }));
    const helm = createHelm({ stack: 'lab', kubeconfig: '/k', env });
    await expect(helm.install(chart, {})).rejects.toMatchObject({
      code: 'stack_name_taken',
      saw: 'openbao-0.20.0',
      fix: expect.stringContaining('helm uninstall openbao --namespace openbao'),
    });
    await helm.install(charts.postgres, {});
    expect([await helm.uninstall(chart), await helm.uninstall(charts.postgres)]).toEqual([false, false]);
    const calls = await callsIn(folder);
    expect(new Set(calls.map(({ args }) => args[0]))).toEqual(new Set(['list']));
    expect(calls.some(({ args }) => args.includes('drawbridge.internal/stack=lab'))).toBe(true);
  });
});
