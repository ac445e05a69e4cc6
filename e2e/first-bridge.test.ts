import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawbridge, type Running, startDrawbridge } from './support/command.ts';

const secretsOf = /BEGIN (RSA )?PRIVATE KEY|eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\./;

let folder: string;
let dev: Running;
let directory: string;
let issuer: string;

const run = (...args: string[]) => drawbridge([...args, '--data-dir', folder]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-dev-'));
  dev = await startDrawbridge(['dev', '--data-dir', folder, '--port-base', '0']);
  directory = String(dev.ready.directory);
  issuer = String(dev.ready.issuer);
});
afterAll(async () => {
  await dev.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

describe('drawbridge dev', () => {
  it('says where everything is, in one line and in dev.json', async () => {
    const { event, time, ...content } = dev.ready;
    expect(event).toBe('ready');
    expect(Number.isNaN(Date.parse(String(time)))).toBe(false);
    expect(JSON.parse(await readFile(join(folder, 'dev.json'), 'utf8'))).toEqual(content);
    expect(content).toMatchObject({
      organizationId: expect.any(String),
      projectId: expect.any(String),
      demo: { loginName: 'admin@demo.localhost' },
    });
  });

  it('keeps its secrets in files for the owner only', async () => {
    for (const name of ['dev.json', 'service-account.json', 'application-key.json', 'dev.log']) {
      expect([name, ((await stat(join(folder, name))).mode & 0o777).toString(8)]).toEqual([name, '600']);
    }
  });

  it('serves probes and metrics', async () => {
    for (const path of ['/livez', '/readyz']) expect((await fetch(directory + path)).status).toBe(200);
    expect(await (await fetch(`${directory}/metrics`)).text()).toContain('drawbridge_http_requests_total');
  });

  it('refuses a second dev on the same folder', async () => {
    const second = await run('dev', '--port-base', '0', '--json');
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stderr)).toMatchObject({
      code: 'locked',
      fix: expect.stringContaining('--data-dir'),
    });
    expect(second.stdout).toBe('');
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const refused = await drawbridge([
      'dev',
      '--ephemeral',
      '--port-base',
      String(Math.min(port, 65_000)),
      '--json',
    ]);
    other.close();
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      code: 'address_in_use',
    });
  });
});

describe('a user created by the command', () => {
  it('is told step by step on stderr, and by one line on stdout', async () => {
    const created = await run(
      'users',
      'create',
      'ada.okafor@demo.localhost',
      '--org',
      'demo',
      '--role',
      'manager',
    );
    expect(created.code).toBe(0);
    expect(created.stdout).toMatch(/^ada\.okafor@demo\.localhost {2}active {2}user \S+ {2}run \S+\n$/);
    expect(created.stderr.split('\n').map((line) => line.slice(0, 15).trimEnd())).toEqual([
      '✓ token',
      '✓ organization',
      '✓ zitadel user',
      '✓ proof',
      '✓ memberships',
      '✓ administrator',
      '✓ mail',
      '✓ permissions',
      '… netbird',
      '',
    ]);
    for (const line of created.stderr.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is counted, with the time of each step', async () => {
    const text = await (await fetch(`${directory}/metrics`)).text();
    expect(text).toMatch(/drawbridge_runs_total\{saga="create-user",outcome="waiting"\} 1/);
    expect(text).toMatch(
      /drawbridge_run_step_duration_seconds_count\{saga="create-user",step="proof",outcome="done"\} 1/,
    );
  });

  it('is refused the second time, with what to look at', async () => {
    const refused = await run('users', 'create', 'ada.okafor@demo.localhost', '--org', 'demo');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^error\[user_exists\]: A user with the mail address ada\.okafor@demo\.localhost exists\.\n {2}where {2}POST http\S+ {3}request \w+\n$/,
    );
  });

  it('stands in Zitadel, as its own API tells with a token that the printed key earned', async () => {
    const token = (await run('token')).stdout.trim();
    const call = async (method: string, body: object) => {
      const response = await fetch(`${issuer}/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const { result } = (await call('zitadel.user.v2.UserService/ListUsers', {
      queries: [{ emailQuery: { emailAddress: 'ada.okafor@demo.localhost' } }],
    })) as { result: { userId: string; details: { resourceOwner: string } }[] };
    expect(result).toHaveLength(1);
    expect(result[0]?.details.resourceOwner).toBe(dev.ready.organizationId);
    const { authorizations } = (await call(
      'zitadel.authorization.v2.AuthorizationService/ListAuthorizations',
      {
        filters: [{ inUserIds: { ids: [result[0]?.userId] } }],
      },
    )) as { authorizations: { project: { id: string }; roles: { key: string }[] }[] };
    const roles = Object.fromEntries(authorizations.map((one) => [one.project.id, one.roles[0]?.key]));
    expect(roles).toEqual({ [String(dev.ready.projectId)]: 'manager', netbird: 'user' });
  });

  it('is listed and shown, as text and as JSON', async () => {
    const list = await run('users', 'list', '--org', 'demo', '--email', 'ADA.okafor@demo.localhost');
    expect(list.stdout).toMatch(
      /^ada\.okafor@demo\.localhost {2}waiting for first sign-in {2}manager {2}Ada Okafor {2}\S+\n$/,
    );
    const json = JSON.parse(
      (await run('users', 'list', '--org', 'demo', '--limit', '1', '--json')).stdout,
    ) as { schema: string; items: object[]; next: string };
    expect([json.schema, json.items.length, typeof json.next]).toEqual(['drawbridge.users/v1', 1, 'string']);
    const shown = await run('users', 'show', 'ada.okafor@demo.localhost', '--org', 'demo');
    expect(shown.stdout).toContain('  roles        manager in demo (home)\n');
  });
});

describe('a user created by the API', () => {
  it('is provisioned by a run that can be read', async () => {
    const token = (await run('token')).stdout.trim();
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': 'grace-1',
    };
    const body = JSON.stringify({
      organization: 'demo',
      email: 'grace@demo.localhost',
      givenName: 'Grace',
      familyName: 'Hopper',
      role: 'user',
    });
    const post = async () =>
      (await (await fetch(`${directory}/api/users`, { method: 'POST', headers, body })).json()) as {
        run: { id: string };
      };
    const [first, again] = [await post(), await post()];
    expect(again.run.id).toBe(first.run.id);
    const settled = await fetch(`${directory}/api/runs/${first.run.id}`, {
      headers: { ...headers, prefer: 'wait=10' },
    });
    // Finished but for NetBird, where nobody can be until they sign in.
    expect(await settled.json()).toMatchObject({ state: 'waiting' });
    expect((await run('runs', 'show', first.run.id)).stdout).toMatch(
      /^… waiting for first sign-in {3}create grace@demo\.localhost, by /,
    );
  });

  it('is refused to somebody without a token', async () => {
    const response = await fetch(`${directory}/api/users?organization=demo`);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('drawbridge doctor', () => {
  it('finds nothing on a healthy dev', async () => {
    const healthy = await run('doctor', '--all');
    expect(healthy.stdout.trimEnd().split('\n').at(-1)).toBe('0 failed, 0 warnings, 20 ok, 7 not set up.');
    expect(healthy.code).toBe(0);
  });

  it('names another Host as the reason, and skips what would only repeat it', async () => {
    const lost = await drawbridge([
      'doctor',
      '--data-dir',
      folder,
      '--issuer',
      issuer.replace('localhost', '127.0.0.1'),
      '--key',
      String(dev.ready.serviceAccountKey),
    ]);
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain('✗ issuer        no instance answers to 127.0.0.1');
    expect(lost.stderr).toBe('');
    expect(lost.stdout).toMatch(/\d skipped \(see issuer/);
  });

  it('sees a clock that is five minutes off', async () => {
    const controls = `${issuer}/emulator/controls`;
    const set = (clockOffsetMs: number) =>
      fetch(controls, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ clockOffsetMs }),
      });
    await set(-300_000);
    try {
      const late = await run('doctor');
      expect(late.code).toBe(1);
      expect(late.stdout).toMatch(/✗ clock {9}this machine is (299|300|301) s ahead of Zitadel\n {2}means/);
      expect(late.stdout).toContain('  do      sudo timedatectl set-ntp true\n');
    } finally {
      await set(0);
    }
  });
});

it('after SIGTERM everything is kept, and comes back quickly with its users', async () => {
  expect(await dev.kill('SIGTERM')).toBe(0);
  expect(dev.output()).not.toMatch(secretsOf);
  expect(await readFile(join(folder, 'dev.log'), 'utf8')).not.toMatch(secretsOf);
  dev = await startDrawbridge(['dev', '--data-dir', folder, '--port-base', '0']);
  const list = await run('users', 'list', '--org', 'demo');
  expect(list.stdout.split('\n').filter(Boolean)).toHaveLength(3);
  const another = await run('users', 'create', 'third@demo.localhost', '--org', 'demo');
  expect(another.code).toBe(0);
});
