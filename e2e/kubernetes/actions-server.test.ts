import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { newId } from '@drawbridge/kit';
import { createCluster, loadClusterAccess, users } from '@drawbridge/kubernetes';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../../packages/kit/test/support/authority.ts';
import {
  eventBody,
  sender,
  servedUsers,
  sign,
  until,
} from '../../packages/kubernetes/test/support/actions.ts';
import { type ApiServer, startApiServer } from '../../packages/kubernetes/test/support/api-server/index.ts';
import { drawbridge, startDrawbridge } from '../support/command.ts';

let folder: string;
let apiServer: ApiServer;
let kubeconfig: string;
let emulator: ZitadelEmulator;
let zitadel: Zitadel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-actions-'));
  apiServer = await startApiServer({ kinds: [servedUsers] });
  emulator = createZitadelEmulator({ outboundDenyList: [] });
  await emulator.start();
  const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
  zitadel = createZitadel({ issuer: emulator.issuer, credentials: parseServiceAccount(key) });
  kubeconfig = join(folder, 'kubeconfig');
  await writeFile(join(folder, 'key.json'), key, { mode: 0o600 });
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: apiServer.url } }],
      users: [{ name: 'u', user: { token: 'any' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    }),
    { mode: 0o600 },
  );
});
afterAll(async () => {
  await zitadel.close();
  await emulator.stop();
  await apiServer.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startServer(args: readonly string[], dataDir = join(folder, newId())) {
  const running = await startDrawbridge(['actions-server', ...args, '--data-dir', dataDir]);
  onTestFinished(async () => {
    await running.kill('SIGKILL');
  });
  return { ...running, url: String(running.ready.url), dataDir };
}

const local = () => ['--addr', '127.0.0.1:0', '--kubeconfig', kubeconfig];
const findUser = async (id: string) => {
  const cluster = createCluster({ access: await loadClusterAccess({ kubeconfig }) });
  try {
    return await cluster.objects(users).find(id);
  } finally {
    await cluster.close();
  }
};

describe('drawbridge actions-server', () => {
  it('F7 makes User objects from what a Zitadel sends, also after kill -9, and none twice', async () => {
    const keyFile = join(folder, 'signing-keys');
    await writeFile(keyFile, 'not-yet', { mode: 0o600 });
    const account = ['--issuer', emulator.issuer, '--zitadel-key', join(folder, 'key.json')];
    const args = [...local(), '--signing-key-file', keyFile, ...account];
    const server = await startServer(args);
    const { id: target, signingKey } = await zitadel.actions.createTarget({
      name: 'create-user-account',
      endpoint: `${server.url}/v1/actions/create-user-account`,
      kind: 'webhook',
      timeoutMs: 5_000,
    });
    await writeFile(keyFile, signingKey.expose(), { mode: 0o600 });
    await zitadel.actions.setExecution({ event: { event: 'user.human.added' } }, [target]);
    const add = async (email: string) => {
      const { id } = await zitadel.users.create({
        organizationId: emulator.bootstrap.organizationId,
        human: {
          profile: { givenName: 'Ada', familyName: 'Lovelace' },
          email: { email, isVerified: true },
        },
      });
      return id;
    };
    const first = await add('ada@acme.example');
    const made = await until(() => findUser(first), 'the User object');
    expect(made.spec).toEqual({ email: 'ada@acme.example', givenName: 'Ada', familyName: 'Lovelace' });
    // While nothing listens, the webhook is lost for good: the event store brings it.
    await server.kill('SIGKILL');
    const second = await add('grace@acme.example');
    await startServer(args, server.dataDir);
    await until(() => findUser(second), 'the User object whose webhook was lost');
    expect(server.output()).not.toContain(signingKey.expose());
  });

  it('answers functions over TLS with the claims of its policy, and stops cleanly', async () => {
    const authority = await makeAuthority('servers');
    const { cert, key } = await authority.issue('actions', ['127.0.0.1']);
    const claims = join(folder, 'claims.yaml');
    await writeFile(join(folder, 'tls.crt'), cert);
    await writeFile(join(folder, 'tls.key'), key);
    await writeFile(claims, 'claims:\n  - claim: groups\n    roles: { organizations: ["3"] }\n');
    const server = await startServer([
      ...['--addr', '127.0.0.1:0', '--without-cluster', '--disable-http2'],
      ...['--signing-key', 'on-the-command-line'],
      ...['--cert-file', join(folder, 'tls.crt'), '--key-file', join(folder, 'tls.key'), '--claims', claims],
    ]);
    const body = JSON.stringify({
      function: 'function/preuserinfo',
      user: { id: '7', username: 'ada', human: { email: 'ada@acme.example', is_email_verified: true } },
      user_grants: [{ id: 'g', roles: ['admin'], resource_owner: '3' }],
    });
    const answer = await new Promise<string>((resolve, reject) => {
      const sent = request(
        `${server.url}/v1/actions/customize-jwt`,
        {
          method: 'POST',
          ca: authority.pem,
          agent: false,
          headers: { 'zitadel-signature': sign(body, Date.now(), 'on-the-command-line') },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          response.on('end', () => resolve(text));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
    expect(JSON.parse(answer)).toEqual({
      append_claims: [
        { key: 'email', value: 'ada@acme.example' },
        { key: 'email_verified', value: true },
        { key: 'groups', value: ['admin'] },
      ],
    });
    expect(server.output()).toContain('seen by every process');
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(server.output()).not.toContain('ada@acme.example');
  });

  it('is registered in Zitadel by the lines of the guide', async () => {
    const guide = await readFile(
      join(import.meta.dirname, '../../docs/kubernetes/actions-server.md'),
      'utf8',
    );
    const [, lines = ''] = /```sh\n(target\(\).*?)```/s.exec(guide) ?? [];
    const script = lines
      .replace(/^target users .*$/m, 'USERS=$(target users restWebhook create-user-account); echo "$USERS"')
      .replace(/^target claims .*$/m, 'CLAIMS=$(target claims restCall customize-jwt)')
      .replaceAll('ID_OF_USERS', '"$(id "$USERS")"')
      .replaceAll('ID_OF_CLAIMS', '"$(id "$CLAIMS")"')
      .replace('/targets/ID"', '/targets/$(id "$USERS")"')
      .replaceAll('curl -sS', 'curl -sS --fail-with-body');
    const id = `id() { node -p 'JSON.parse(process.argv[1]).id' "$1"; }`;
    const env = {
      PATH: process.env.PATH,
      ISSUER: emulator.issuer,
      TOKEN: (await zitadel.token.get()).expose(),
    };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', `${id}\n${script}`], {
      env,
    });
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('}') + 1))).toHaveProperty('signingKey');
    const executions = await zitadel.actions.listExecutions().all();
    const [users] = await zitadel.actions.listTargets({ name: 'users' }).all();
    expect(users).toMatchObject({ kind: 'webhook', timeoutMs: 6_000 });
    for (const condition of [
      { event: { event: 'user.human.selfregistered' } },
      { function: { name: 'preaccesstoken' } },
      { function: { name: 'preuserinfo' } },
    ])
      expect(executions.map((one) => one.condition)).toContainEqual(expect.objectContaining(condition));
  });

  it('S49 takes unsigned calls on loopback alone, where it stays unless told otherwise', async () => {
    const refused = await drawbridge([
      ...['actions-server', '--disable-signature-validation', '--addr', ':0', '--without-cluster'],
      ...['--data-dir', join(folder, 'refused')],
    ]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('loopback')]);
    const server = await startServer([...local(), '--disable-signature-validation']);
    const id = '300000000000000042';
    const answer = await sender(server.url)('createUserAccount', eventBody({ aggregateID: id }), {
      key: 'any',
    });
    expect(answer.status).toBe(200);
    await until(() => findUser(id), 'the User object');
  });

  it('S49 does not start without a signing key, nor with half of what TLS needs', async () => {
    for (const [args, said] of [
      [[], 'signing key'],
      [['--signing-key', 'k', '--cert-file', 'tls.crt'], '--key-file'],
      [['--signing-key', 'k', '--identity-provider', '1=facebook'], '1=facebook'],
      [['--signing-key', 'k', '--addr', 'nowhere'], '--addr'],
      [['--signing-key', 'k', '--zitadel-key', 'key.json'], 'issuer'],
    ] as const) {
      const { code, stderr } = await drawbridge(['actions-server', ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });
});
