import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findKubectls } from '../../packages/kubernetes/test/support/kubectl.ts';
import { type Running, startDrawbridge } from '../support/command.ts';

let home: string;
let dev: Running;
let access: { readonly server: string; readonly ca: string; readonly tokenFile: string };

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly { user: { tokenFile: string } }[];
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drawbridge-dev-kube-'));
  await start();
});
afterAll(async () => {
  await dev.kill('SIGTERM');
  await rm(home, { recursive: true, force: true });
});

async function start(): Promise<void> {
  dev = await startDrawbridge(['dev', '--port-base', '0'], { DRAWBRIDGE_DATA_DIR: home });
  const path = String(dev.ready.kubeconfig);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const { clusters, users } = parse(await readFile(path, 'utf8')) as Kubeconfig;
  const [{ cluster } = { cluster: { server: '', 'certificate-authority-data': '' } }] = clusters;
  access = {
    server: cluster.server,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
    tokenFile: users[0]?.user.tokenFile ?? '',
  };
}

interface Session {
  readonly metadata: { readonly name: string };
  readonly status: { readonly userAgent: string };
}

/** A call with the token as it is now, as kubectl makes it. */
async function call(path: string, { method = 'GET', token = '' } = {}) {
  const bearer = token === '' ? await readFile(access.tokenFile, 'utf8') : token;
  return await new Promise<{ status: number; body: { items: readonly Session[] } }>((resolve, reject) => {
    const sent = request(
      `${access.server}/apis/identity.miloapis.com/v1alpha1/${path}`,
      { method, ca: access.ca, agent: false, headers: { authorization: `Bearer ${bearer}` } },
      (response) => {
        json(response).then(
          (body) =>
            resolve({ status: response.statusCode ?? 0, body: body as { items: readonly Session[] } }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

const [program] = await findKubectls();

it.skipIf(program === undefined)(
  'works with kubectl as README says it: get, delete, and explain',
  async () => {
    const kubectl = async (...args: readonly string[]) => {
      const flags = ['--kubeconfig', String(dev.ready.kubeconfig), '--cache-dir', join(home, 'cache')];
      const { stdout } = await promisify(execFile)(program?.path ?? '', [...flags, ...args], {
        env: { HOME: home },
        timeout: 25_000,
      });
      return stdout;
    };
    const [head = '', ...rows] = (await kubectl('get', 'sessions')).trim().split('\n');
    expect(head).toMatch(/^NAME +IP +AGENT +EXPIRES +AGE$/);
    expect(rows).toHaveLength(2);
    const [, name = ''] = /^(\S+) +192\.0\.2\.17 +Firefox on Linux/.exec(rows[0] ?? '') ?? [];
    expect(await kubectl('delete', 'session', name, '--dry-run=client')).toContain(name);
    if ((program?.minor ?? 0) >= 29) expect(await kubectl('explain', 'session.status')).toContain('userUID');
    expect(await kubectl('get', 'identity', '-o', 'name')).toContain('useridentity');
  },
);

it('lists the demo user’s sessions at once, and a session that is ended takes its token along', async () => {
  const { body } = await call('sessions');
  expect(body.items.map(({ status }) => status.userAgent)).toEqual([
    'Firefox on Linux',
    'kubectl (drawbridge dev)',
  ]);
  const [browser, own] = body.items;
  expect((await call(`sessions/${browser?.metadata.name}`, { method: 'DELETE' })).status).toBe(200);
  const token = await readFile(access.tokenFile, 'utf8');
  expect((await call(`sessions/${own?.metadata.name}`, { method: 'DELETE' })).status).toBe(200);
  expect((await call('sessions', { token })).status).toBe(401);
  // Somebody signs in again, as another session.
  await expect.poll(async () => (await call('sessions')).status, { timeout: 15_000 }).toBe(200);
  expect((await call('sessions')).body.items.map(({ status }) => status.userAgent)).toEqual([
    'kubectl (drawbridge dev)',
  ]);
  expect((await call('sessions', { token })).status).toBe(401);
});

it('works after a restart on other ports: same certificate, one sign-in, and what was ended stays ended', async () => {
  const { ca } = access;
  await dev.kill('SIGTERM');
  await start();
  expect(access.ca).toBe(ca);
  const { status, body } = await call('sessions');
  expect([status, body.items.map((session) => session.status.userAgent)]).toEqual([
    200,
    ['kubectl (drawbridge dev)'],
  ]);
});
