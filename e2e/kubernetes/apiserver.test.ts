import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { writeFileAtomic } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Authority, type Leaf, makeAuthority } from '../../packages/kit/test/support/authority.ts';
import { type Instance, startInstance } from '../../packages/kubernetes/test/support/instance.ts';
import { drawbridge, startDrawbridge } from '../support/command.ts';

let folder: string;
let instance: Instance;
let servers: Authority;
let proxies: Authority;
let flags: readonly string[];
let user: string;

const group = 'identity.miloapis.com';
const sessions = (of = group) => `/apis/${of}/v1alpha1/sessions`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-apiserver-'));
  instance = await startInstance();
  [servers, proxies] = await Promise.all([makeAuthority('servers'), makeAuthority('front-proxy-ca')]);
  const { cert, key } = await servers.issue('apiserver', ['127.0.0.1']);
  const { serviceAccountKey } = instance.emulator.bootstrap;
  await writeFile(join(folder, 'tls.crt'), cert);
  await writeFile(join(folder, 'tls.key'), key);
  await writeFile(join(folder, 'front-proxy-ca.crt'), proxies.pem);
  await writeFileAtomic(join(folder, 'key.json'), JSON.stringify(serviceAccountKey), { mode: 0o600 });
  await writeFileAtomic(join(folder, 'app.json'), instance.applicationKey, { mode: 0o600 });
  flags = [
    ...['apiserver', '--host', '127.0.0.1', '--secure-port', '0'],
    ...['--zitadel-issuer', instance.emulator.issuer, '--zitadel-key', join(folder, 'key.json')],
    ...['--tls-cert-file', join(folder, 'tls.crt'), '--tls-private-key-file', join(folder, 'tls.key')],
  ];
  user = (await instance.machine()).id;
  await instance.zitadel.sessions.create({ checks: { user: { userId: user } } });
});
afterAll(async () => {
  await instance.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startApiserver(more: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const running = await startDrawbridge([...flags, ...more], env);
  onTestFinished(async () => {
    await running.kill('SIGKILL');
  });
  return { ...running, url: String(running.ready.url) };
}

function call(
  url: string,
  { client, headers = {} }: { client?: Leaf; headers?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { ca: servers.pem, agent: false, headers: { ...headers }, ...client },
      (response) => {
        json(response).then(
          (body) =>
            resolve({ status: response.statusCode ?? 0, body: body as Readonly<Record<string, unknown>> }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

const trusted = () => ['--requestheader-client-ca-file', join(folder, 'front-proxy-ca.crt')];

describe('drawbridge apiserver', () => {
  it('S35, S38 serves whom the front proxy names, in both groups, and stops cleanly', async () => {
    const api = await startApiserver([
      ...trusted(),
      '--requestheader-allowed-names',
      'aggregator,front-proxy-client',
    ]);
    expect(api.ready.groups).toEqual(['identity.milo.io', group]);
    const client = await proxies.issue('front-proxy-client');
    const headers = { 'X-Remote-User': 'ada', 'X-Remote-Uid': user };
    for (const of of [group, 'identity.milo.io']) {
      const { body } = await call(api.url + sessions(of), { client, headers });
      expect((body.items as unknown[]).length).toBe(1);
    }
    expect((await call(api.url + sessions(), { headers })).status).toBe(401);
    expect((await call(api.url + sessions(), { client: await proxies.issue('other'), headers })).status).toBe(
      401,
    );
    expect((await call(`${api.url}/readyz`)).status).toBe(200);
    expect(await api.kill('SIGTERM')).toBe(0);
  });

  it('takes the variables of the server that it replaces', async () => {
    const api = await startApiserver([], {
      REQUESTHEADER_CLIENT_CA_FILE: join(folder, 'front-proxy-ca.crt'),
      REQUESTHEADER_ALLOWED_NAMES: 'front-proxy-client',
      REQUESTHEADER_USERNAME_HEADERS: 'X-Who',
      REQUESTHEADER_UID_HEADERS: 'X-Id',
      REQUESTHEADER_GROUP_HEADERS: 'X-Group',
      REQUESTHEADER_EXTRA_HEADERS_PREFIX: 'X-Extra-',
    });
    const client = await proxies.issue('front-proxy-client');
    const headers = { 'X-Who': 'ada', 'X-Id': user };
    expect((await call(api.url + sessions(), { client, headers })).status).toBe(200);
  });

  it('F15 does not start without an allowed name, nor where nobody could call it', async () => {
    const anybody = await drawbridge([...flags, ...trusted()]);
    expect(anybody.code).toBe(2);
    expect(anybody.stderr).toContain('requestheader-allowed-names is empty');
    const nobody = await drawbridge([...flags]);
    expect([nobody.code, nobody.stderr]).toEqual([
      2,
      expect.stringContaining('Nobody could call this server'),
    ]);
    const named = await drawbridge([...flags, '--requestheader-allowed-names', 'x']);
    expect([named.code, named.stderr]).toEqual([
      2,
      expect.stringContaining('--requestheader-client-ca-file'),
    ]);
  });

  it('takes tokens of direct callers where an audience and an application are given, and logs none', async () => {
    const { token, id } = await instance.machine();
    await instance.zitadel.sessions.create({ checks: { user: { userId: id } } });
    const bearer = ['--audience', instance.projectId, '--zitadel-application-key', join(folder, 'app.json')];
    const api = await startApiserver([...bearer, '--identity-groups', group]);
    expect(api.ready.groups).toEqual([group]);
    const { status, body } = await call(api.url + sessions(), {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([status, (body.items as unknown[]).length]).toEqual([200, 1]);
    expect((await call(api.url + sessions(), { headers: { authorization: 'Bearer x' } })).status).toBe(401);
    for (const secret of token.split('.')) expect(api.output()).not.toContain(secret);
    expect((await drawbridge([...flags, '--audience', '1'])).code).toBe(2);
  });

  it('tells every mistake at once, with exit code 2', async () => {
    const { code, stderr } = await drawbridge([
      'apiserver',
      '--identity-groups',
      'other',
      '--secure-port',
      'x',
    ]);
    expect(code).toBe(2);
    for (const flag of [
      '--zitadel-issuer',
      '--zitadel-key',
      '--tls-cert-file',
      '--identity-groups',
      '--secure-port',
    ])
      expect(stderr).toContain(flag);
  });
});
