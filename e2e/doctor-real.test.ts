import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@drawbridge/directory';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { Secret, writeFileAtomic } from '@drawbridge/kit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../packages/kit/test/support/authority.ts';
import { kubeAssets, startKubeApiserver } from '../packages/kubernetes/test/support/kube-apiserver.ts';
import { drawbridge } from './support/command.ts';

const server = process.env.E2E_DATABASE_URL;

let folder: string;
let emulator: ZitadelEmulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-doctor-'));
  emulator = createZitadelEmulator();
  await emulator.start();
  const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
  await writeFileAtomic(join(folder, 'key.json'), key, { mode: 0o600 });
});
afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Checked {
  readonly name: string;
  readonly state: string;
  readonly text: string;
  readonly fix?: string;
}

/** What the doctor says, by check. */
async function examine(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly of: (name: string) => Checked | undefined }> {
  const { code, stdout } = await drawbridge(['doctor', '--json', ...args], {
    ZITADEL_ISSUER: emulator.issuer,
    ZITADEL_KEY_PATH: join(folder, 'key.json'),
    DRAWBRIDGE_DATA_DIR: folder,
    ...env,
  });
  const { checks } = JSON.parse(stdout) as { checks: readonly Checked[] };
  return { code, of: (name) => checks.find((check) => check.name === name) };
}

describe.skipIf(kubeAssets === undefined)('doctor on a real kube-apiserver (KUBEBUILDER_ASSETS)', () => {
  it('S35 sees whether there is a front proxy, whom it may vouch for and whether the identity API is reached', async () => {
    const cluster = await startKubeApiserver();
    onTestFinished(() => cluster.stop());
    const look = async () => await examine(['--kubeconfig', await cluster.kubeconfig()]);
    const before = await look();
    expect(before.code).toBe(1);
    expect(before.of('registration')).toMatchObject({ state: 'skip' });
    expect(before.of('front proxy')).toMatchObject({
      state: 'fail',
      text: 'the cluster has no authority of a front proxy',
    });

    const authority = await makeAuthority('front-proxy-ca', 90 * 86_400_000);
    const { cert, key } = await authority.issue('front-proxy-client');
    const file = async (name: string, text: string) => {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const flags = [
      `--requestheader-client-ca-file=${await file('proxy-ca.crt', authority.pem)}`,
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${await file('proxy.crt', cert)}`,
      `--proxy-client-key-file=${await file('proxy.key', key)}`,
    ];
    await cluster.restart(flags);
    await expect
      .poll(async () => (await look()).of('front proxy')?.text, { timeout: 60_000, interval: 1_000 })
      .toBe('the cluster names nobody as its front proxy');

    await cluster.restart([...flags, '--requestheader-allowed-names=front-proxy-client']);
    await expect
      .poll(async () => (await look()).of('front proxy'), { timeout: 60_000, interval: 1_000 })
      .toMatchObject({ state: 'ok', text: expect.stringMatching(/(89|90) days left/) });
    const well = await look();
    expect([well.code, well.of('user ids')?.state]).toEqual([0, 'ok']);

    const registered = await create(cluster, '/apis/apiregistration.k8s.io/v1/apiservices', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1alpha1.identity.miloapis.com' },
      spec: {
        group: 'identity.miloapis.com',
        version: 'v1alpha1',
        groupPriorityMinimum: 1_000,
        versionPriority: 15,
        service: { namespace: 'default', name: 'drawbridge-apiserver', port: 443 },
      },
    });
    expect(registered).toBe(201);
    await expect
      .poll(async () => (await look()).of('registration'), { timeout: 30_000, interval: 500 })
      .toMatchObject({
        state: 'fail',
        text: 'APIService v1alpha1.identity.miloapis.com is not available: ServiceNotFound',
        fix: 'kubectl describe apiservice v1alpha1.identity.miloapis.com',
      });
  }, 240_000);
});

/** Creates an object as the administrator. */
async function create(
  cluster: { readonly url: string; readonly ca: string; readonly token: string },
  path: string,
  body: object,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' };
    const sent = request(
      `${cluster.url}${path}`,
      { method: 'POST', ca: cluster.ca, agent: false, headers },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

describe.skipIf(!server)('doctor on PostgreSQL (E2E_DATABASE_URL)', () => {
  it('tells tables that are missing from those of this version and from those of another', async () => {
    const name = `doctor_${randomBytes(6).toString('hex')}`;
    const url = new URL(server ?? '');
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    onTestFinished(async () => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.end();
    });
    url.pathname = `/${name}`;
    const look = async () => (await examine([], { DATABASE_URL: url.href })).of('database');
    expect(await look()).toMatchObject({
      state: 'fail',
      text: expect.stringMatching(/^the database lacks \d+ things that this version needs$/),
      fix: expect.stringContaining('start drawbridge serve, which migrates'),
    });
    const database = await openDatabase({ url: new Secret(url.href) });
    onTestFinished(() => database.close());
    await database.migrate();
    expect(await look()).toMatchObject({ state: 'ok' });
    const own = new pg.Client({ connectionString: url.href });
    await own.connect();
    await own.query('CREATE TABLE by_hand (id text PRIMARY KEY)');
    await own.end();
    expect(await look()).toMatchObject({
      state: 'warn',
      text: expect.stringMatching(/^the database has \d+ things that this version does not know$/),
    });
  }, 90_000);
});
