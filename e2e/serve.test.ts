import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@drawbridge/directory';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { Secret, writeFileAtomic } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge, type Running, startDrawbridge } from './support/command.ts';

const server = process.env.E2E_DATABASE_URL;
const secretKey = randomBytes(32).toString('base64');

describe('drawbridge serve', () => {
  it('says every mistake in its settings at once, with exit code 2', async () => {
    const refused = await drawbridge(['serve'], { DRAWBRIDGE_PORT: 'many', DRAWBRIDGE_PUBLIC_URL: 'here' });
    expect(refused.code).toBe(2);
    for (const name of ['DATABASE_URL', 'DRAWBRIDGE_PORT', 'DRAWBRIDGE_PUBLIC_URL'])
      expect(refused.stderr).toContain(name);
    const nothing = await drawbridge(['serve', '--api-only', '--workers-only']);
    expect([nothing.code, nothing.stderr]).toEqual([
      2,
      'error[usage]: --api-only and --workers-only leave nothing to do.\n',
    ]);
  });

  it('ends with 5 and names no password where there is no database', async () => {
    const lost = await drawbridge(['serve', '--json'], {
      DATABASE_URL: 'postgres://someone:s3cr3t@127.0.0.1:1/none',
    });
    expect([lost.code, lost.stdout]).toEqual([5, '']);
    expect(lost.stderr).toContain('database_unavailable');
    expect(lost.stderr).not.toContain('s3cr3t');
  });
});

describe.skipIf(!server)('drawbridge serve on PostgreSQL (E2E_DATABASE_URL)', () => {
  let folder: string;
  let database: { readonly url: string; readonly drop: () => Promise<void> };
  let emulator: ZitadelEmulator;
  let zitadel: Zitadel;
  let projectId: string;
  const running: Running[] = [];

  const environment = () => ({ DATABASE_URL: database.url, DRAWBRIDGE_SECRET_KEY: secretKey });
  const serve = async (...flags: string[]) => {
    const started = await startDrawbridge(['serve', '--port', '0', ...flags], environment());
    running.push(started);
    return { ...started, url: String(started.ready.url) };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-serve-'));
    database = await ownDatabase(server ?? '');
    emulator = createZitadelEmulator();
    await emulator.start();
    const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
    await writeFileAtomic(join(folder, 'key.json'), key, { mode: 0o600 });
    zitadel = createZitadel({ issuer: emulator.issuer, credentials: parseServiceAccount(key) });
    const { organizationId } = emulator.bootstrap;
    projectId = (await zitadel.projects.create({ organizationId, name: 'Application' })).id;
    for (const roleKey of ['admin', 'manager', 'user'])
      await zitadel.projects.addRole(projectId, { roleKey, displayName: roleKey });
    const application = await zitadel.applications.create({
      projectId,
      name: 'api',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    const inAYear = new Date(Date.now() + 365 * 86_400_000);
    const applicationKey = await zitadel.applications.createKey(projectId, application.id, inAYear);
    await writeFileAtomic(join(folder, 'app.json'), applicationKey.expose(), { mode: 0o600 });
  });
  afterAll(async () => {
    for (const one of running) await one.kill('SIGKILL');
    await zitadel.close();
    await emulator.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('a fresh database gets its first administrator and its Zitadel by one command, once', async () => {
    const setup = (...flags: string[]) => drawbridge(['setup', 'directory', ...flags], environment());
    const admin = emulator.bootstrap.serviceAccountKey.userId;
    const half = await setup('--admin', admin, '--issuer', emulator.issuer, '--project', projectId);
    expect([half.code, half.stderr]).toEqual([
      2,
      'error[usage]: An integration also needs --key, --client-id, --client-secret.\n',
    ]);
    const application = JSON.parse(await readFile(join(folder, 'app.json'), 'utf8')) as { clientId: string };
    const full = [
      ...['--admin', admin, '--issuer', emulator.issuer, '--project', projectId],
      ...['--key', join(folder, 'key.json'), '--client-id', application.clientId],
      ...['--client-secret', join(folder, 'app.json')],
    ];
    const done = await setup(...full);
    expect([done.code, done.stdout]).toEqual([
      0,
      `${admin} is the first site administrator. Recorded in the audit; this works only once.\n${emulator.issuer} is integrated as "zitadel".\n`,
    ]);
    expect((await setup(...full)).code).toBe(4);
  });

  it('serves the API alone, the workers alone, and each stops cleanly on SIGTERM', async () => {
    const api = await serve('--api-only');
    const workers = await serve('--workers-only');
    expect([api.ready.parts, workers.ready.parts]).toEqual(['api', 'workers']);
    for (const path of ['/livez', '/readyz', '/metrics'])
      for (const { url } of [api, workers]) expect((await fetch(url + path)).status).toBe(200);
    expect((await fetch(`${api.url}/api/me`)).status).toBe(401);
    expect((await fetch(`${workers.url}/api/me`)).status).toBe(404);
    const command = (...args: string[]) =>
      drawbridge([
        ...args,
        ...['--directory', api.url, '--issuer', emulator.issuer, '--key', join(folder, 'key.json')],
        ...['--project', projectId],
      ]);
    expect((await command('orgs', 'create', 'north')).code).toBe(0);
    await zitadel.organizations.create({ organizationId: 'org-north', name: 'North' });
    const mapped = await command('orgs', 'map', 'north', 'org-north', '--reason', 'test');
    expect([mapped.code, mapped.stdout]).toEqual([0, expect.stringMatching(/^north {2}mapped/)]);
    const created = await command('users', 'create', 'ada@north.example', '--org', 'north');
    expect([created.code, created.stdout]).toEqual([
      0,
      expect.stringMatching(/^ada@north\.example {2}active/),
    ]);
    for (const line of workers.output().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(api.output()).not.toContain(secretKey);
    expect([await api.kill('SIGTERM'), await workers.kill('SIGTERM')]).toEqual([0, 0]);
  });

  it('two workers share an import: both work, and nothing is done twice', async () => {
    const api = await serve('--api-only');
    const workers = [await serve('--workers-only'), await serve('--workers-only')];
    emulator.controls.latencyMs = 10;
    const people = Array.from({ length: 60 }, (_, at) => `p${at}@north.example,P,Q,user`);
    const file = join(folder, 'people.csv');
    await writeFileAtomic(file, `email,given_name,family_name,role\n${people.join('\n')}\n`);
    const imported = await drawbridge([
      ...['users', 'import', file, '--org', 'north', '--json'],
      ...['--directory', api.url, '--issuer', emulator.issuer, '--key', join(folder, 'key.json')],
      ...['--project', projectId],
    ]);
    emulator.controls.latencyMs = 0;
    expect([imported.code, imported.stderr]).toEqual([0, '']);
    const mails = emulator.mails.filter(({ to }) => /^p\d+@/.test(to));
    expect(mails).toHaveLength(60);
    const shares = await Promise.all(
      workers.map(async ({ url }) => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return Number(
          /drawbridge_runs_total\{saga="create-user",outcome="done"\} (\d+)/.exec(text)?.[1] ?? 0,
        );
      }),
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(60);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  }, 90_000);

  it('goes on with an import whose only worker was killed, with nothing lost or doubled', async () => {
    const api = await serve('--api-only');
    const others = running.filter(({ ready }) => ready.parts === 'workers');
    for (const one of others) await one.kill('SIGTERM');
    const first = await serve('--workers-only');
    emulator.controls.latencyMs = 20;
    const people = Array.from({ length: 24 }, (_, at) => `k${at}@north.example,P,Q,user`);
    const file = join(folder, 'killed.csv');
    await writeFileAtomic(file, `email,given_name,family_name,role\n${people.join('\n')}\n`);
    const connection = [
      ...['--directory', api.url, '--issuer', emulator.issuer, '--key', join(folder, 'key.json')],
      ...['--project', projectId],
    ];
    const importing = drawbridge(['users', 'import', file, '--org', 'north', '--json', ...connection]);
    const db = await openDatabase({ url: new Secret(database.url) });
    const finished = async () =>
      await db.db
        .selectFrom('users')
        .select('id')
        .where('email', 'like', 'k%@north.example')
        .where('zitadel_user_id', 'is not', null)
        .execute();
    while ((await finished()).length < 5) await new Promise((resolve) => setTimeout(resolve, 50));
    await first.kill('SIGKILL');
    // Its leases end by themselves; a test need not wait for that.
    await db.db
      .updateTable('provisioning_runs')
      .set({ lease_until: new Date(0) })
      .where('lease_until', 'is not', null)
      .execute();
    await db.db.updateTable('imports').set({ lease_until: null }).execute();
    await db.close();
    await serve('--workers-only');
    const { code } = await importing;
    emulator.controls.latencyMs = 0;
    expect(code).toBe(0);
    const mails = emulator.mails.filter(({ to }) => /^k\d+@/.test(to)).map(({ to }) => to);
    expect([mails.length, new Set(mails).size]).toEqual([24, 24]);
  }, 120_000);
});

/** A database of this test's own. */
async function ownDatabase(url: string) {
  const name = `drawbridge_e2e_${randomBytes(6).toString('hex')}`;
  const statement = async (text: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await statement(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop: () => statement(`drop database ${name} with (force)`) };
}
