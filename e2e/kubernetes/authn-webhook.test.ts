import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { writeFileAtomic } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Authority, type Leaf, makeAuthority } from '../../packages/kit/test/support/authority.ts';
import { type Instance, startInstance } from '../../packages/kubernetes/test/support/instance.ts';
import { review } from '../../packages/kubernetes/test/support/post.ts';
import { drawbridge, startDrawbridge } from '../support/command.ts';

let folder: string;
let instance: Instance;
let servers: Authority;
let clients: Authority;
let flags: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-webhook-'));
  instance = await startInstance();
  [servers, clients] = await Promise.all([makeAuthority('servers'), makeAuthority('clients')]);
  const { cert, key } = await servers.issue('webhook', ['127.0.0.1']);
  await mkdir(join(folder, 'tls'));
  await writeFile(join(folder, 'tls/tls.crt'), cert);
  await writeFile(join(folder, 'tls/tls.key'), key);
  await writeFile(join(folder, 'ca.crt'), clients.pem);
  await writeFileAtomic(join(folder, 'app.json'), instance.applicationKey, { mode: 0o600 });
  flags = [
    ...['authn-webhook', '--zitadel-domain', instance.emulator.issuer],
    ...['--zitadel-private-key', join(folder, 'app.json'), '--audience', instance.projectId],
    ...['--cert-dir', join(folder, 'tls'), '--host', '127.0.0.1', '--port', '0'],
    ...['--metrics-bind-address', '127.0.0.1:0'],
  ];
});
afterAll(async () => {
  await instance.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startWebhook(...more: string[]) {
  const running = await startDrawbridge([...flags, ...more]);
  onTestFinished(async () => {
    await running.kill('SIGKILL');
  });
  return { ...running, url: String(running.ready.url), metrics: String(running.ready.metrics) };
}

/** A call as kube-apiserver makes it: over TLS, trusting only the authority in its kubeconfig. */
function call(
  url: string,
  { body, client, maxVersion }: { body?: object; client?: Leaf; maxVersion?: 'TLSv1.1' | 'TLSv1.2' } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: body ? 'POST' : 'GET',
        ca: servers.pem,
        agent: false,
        headers: { 'content-type': 'application/json' },
        // At its usual level, OpenSSL would not even offer the old versions.
        ...(maxVersion ? { maxVersion, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
        ...client,
      },
      (response) => {
        json(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      },
    );
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

const path = '/apis/authentication.k8s.io/v1/tokenreviews?timeout=30s';

describe('drawbridge authn-webhook', () => {
  it('S40, S41 answers over TLS, writes no token anywhere, and stops cleanly', async () => {
    const { id, token } = await instance.machine();
    const webhook = await startWebhook();
    const accepted = await call(webhook.url + path, { body: review(token) });
    expect(accepted).toMatchObject({
      status: 200,
      body: { status: { authenticated: true, user: { username: id } } },
    });
    const refused = await call(webhook.url + path, { body: review(`${token.slice(0, -8)}AAAAAAAA`) });
    expect(refused).toMatchObject({ status: 200, body: { status: { authenticated: false } } });
    const ready = await fetch(`${webhook.metrics}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { zitadel: 'ok' } }]);
    const metrics = await (await fetch(`${webhook.metrics}/metrics`)).text();
    expect(metrics).toContain('drawbridge_token_reviews_total{outcome="accepted",reason=""} 1');
    expect(metrics).toContain('drawbridge_token_reviews_total{outcome="denied",reason="signature"} 1');
    expect(await webhook.kill('SIGTERM')).toBe(0);
    for (const secret of token.split('.')) expect(webhook.output()).not.toContain(secret);
  });

  it('S44 takes nothing older than TLS 1.2', async () => {
    const webhook = await startWebhook();
    expect((await call(`${webhook.url}/livez`, { maxVersion: 'TLSv1.2' })).status).toBe(200);
    await expect(call(`${webhook.url}/livez`, { maxVersion: 'TLSv1.1' })).rejects.toThrow(/protocol version/);
  });

  it('S44 asks for a certificate of the client authorities, but not at its probes', async () => {
    const { token } = await instance.machine();
    const webhook = await startWebhook('--client-ca-file', join(folder, 'ca.crt'));
    const body = review(token);
    const known = await clients.issue('kube-apiserver');
    const foreign = await servers.issue('kube-apiserver');
    expect(await call(webhook.url + path, { body, client: known })).toMatchObject({
      status: 200,
      body: { status: { authenticated: true } },
    });
    for (const client of [undefined, foreign])
      expect(await call(webhook.url + path, { body, ...(client ? { client } : {}) })).toMatchObject({
        status: 401,
        body: { kind: 'Status', reason: 'Unauthorized' },
      });
    expect((await call(`${webhook.url}/readyz`)).status).toBe(200);
  });

  it('takes the flags of the webhook it replaces, and says which are without effect', async () => {
    const more = ['--cert-file', 'tls.crt', '--key-file', 'tls.key'];
    const without = flags.slice(0, flags.indexOf('--port'));
    const running = await startDrawbridge([
      ...[...without, ...more, '--webhook-port', '0', '--metrics-bind-address', '127.0.0.1:0'],
      ...['--jwt-expiration', '1h', '--jwt-refresh-before', '5m'],
    ]);
    onTestFinished(async () => {
      await running.kill('SIGKILL');
    });
    expect(Number(new URL(String(running.ready.url)).port)).not.toBe(9_443);
    expect(running.output()).toContain('a flag without effect was given');
  });

  it('tells every mistake at once, with exit code 2', async () => {
    const nothing = await drawbridge(['authn-webhook', '--token-ttl', 'long']);
    expect(nothing.code).toBe(2);
    for (const flag of ['--zitadel-private-key', '--audience', '--cert-dir', '--token-ttl'])
      expect(nothing.stderr).toContain(flag);
    const nowhere = await drawbridge([...flags.slice(0, 1), ...flags.slice(3)]);
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      'error[usage]: No Zitadel is set: --zitadel-domain or --issuer.\n',
    ]);
    const both = await drawbridge([...flags, '--issuer', instance.emulator.issuer]);
    expect([both.code, both.stderr]).toEqual([
      2,
      'error[usage]: --zitadel-domain and --issuer say the same; give one.\n',
    ]);
    for (const [flag, value] of [
      ['--groups-prefix', 'system:'],
      ['--audience', '=x'],
      ['--metrics-bind-address', 'here'],
    ])
      expect((await drawbridge([...flags, String(flag), String(value)])).code).toBe(2);
  });
});
