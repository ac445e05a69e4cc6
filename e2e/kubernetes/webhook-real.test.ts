import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFileAtomic } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../packages/kit/test/support/authority.ts';
import { type Instance, startInstance } from '../../packages/kubernetes/test/support/instance.ts';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../packages/kubernetes/test/support/kube-apiserver.ts';
import { type Running, startDrawbridge } from '../support/command.ts';

const run = promisify(execFile);
const manifests = join(import.meta.dirname, '../../config/kube-apiserver');

describe.skipIf(kubeAssets === undefined)('the webhook on a real kube-apiserver (KUBEBUILDER_ASSETS)', () => {
  let folder: string;
  let instance: Instance;
  let webhook: Running;
  let cluster: KubeApiserver;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-webhook-real-'));
    instance = await startInstance();
    const [servers, clients] = await Promise.all([makeAuthority('servers'), makeAuthority('clients')]);
    const server = await servers.issue('webhook', ['127.0.0.1']);
    const client = await clients.issue('kube-apiserver');
    await mkdir(join(folder, 'tls'));
    const file = async (name: string, text: string) => {
      await writeFileAtomic(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    await file('tls/tls.crt', server.cert);
    await file('tls/tls.key', server.key);
    webhook = await startDrawbridge([
      ...['authn-webhook', '--zitadel-domain', instance.emulator.issuer],
      ...['--zitadel-private-key', await file('app.json', instance.applicationKey)],
      ...['--audience', instance.projectId, '--token-ttl', '1s'],
      ...['--cert-dir', join(folder, 'tls'), '--host', '127.0.0.1', '--port', '0'],
      ...[
        '--client-ca-file',
        await file('clients.crt', clients.pem),
        '--metrics-bind-address',
        '127.0.0.1:0',
      ],
    ]);
    // The file of the manifests, with the places of this machine.
    const places = {
      '10.96.0.40': new URL(String(webhook.ready.url)).host,
      'tls-server-name: drawbridge-authn-webhook.drawbridge.svc': 'tls-server-name: 127.0.0.1',
      '/etc/kubernetes/drawbridge/ca.crt': await file('servers.crt', servers.pem),
      '/etc/kubernetes/drawbridge/client.crt': await file('client.crt', client.cert),
      '/etc/kubernetes/drawbridge/client.key': await file('client.key', client.key),
    };
    let config = await readFile(join(manifests, 'webhook.yaml'), 'utf8');
    for (const [theirs, ours] of Object.entries(places)) {
      expect(config).toContain(theirs);
      config = config.replace(theirs, ours);
    }
    cluster = await startKubeApiserver({
      flags: [
        `--authentication-token-webhook-config-file=${await file('webhook.yaml', config)}`,
        '--authentication-token-webhook-version=v1',
        '--authentication-token-webhook-cache-ttl=10s',
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await webhook?.kill('SIGTERM');
    await instance?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** kubectl with a bearer token. */
  async function kubectl(token: string | undefined, ...args: string[]) {
    const kubeconfig = await cluster.kubeconfig(token);
    const { stdout } = await run(join(String(kubeAssets), 'kubectl'), ['--kubeconfig', kubeconfig, ...args], {
      env: { HOME: folder },
    });
    return stdout;
  }

  function statusOf(token: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      const sent = request(`${cluster.url}/api`, { ca: cluster.ca, agent: false, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  async function counted(outcome: string): Promise<number> {
    const text = await (await fetch(`${String(webhook.ready.metrics)}/metrics`)).text();
    const found = text.matchAll(
      new RegExp(`^drawbridge_token_reviews_total{outcome="${outcome}".*} (\\d+)$`, 'gm'),
    );
    return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it('has kubectl be the user, with id, groups and extras of Zitadel', async () => {
    const { id, token } = await instance.machine();
    const who = JSON.parse(await kubectl(token, 'auth', 'whoami', '-o', 'json')) as {
      status: { userInfo: Record<string, unknown> };
    };
    expect(who.status.userInfo).toMatchObject({
      username: id,
      uid: id,
      groups: [
        `zitadel:org:${instance.organizationId}`,
        `zitadel:org:${instance.organizationId}:admin`,
        'system:authenticated',
      ],
      extra: { 'drawbridge.internal/issuer': [instance.emulator.issuer] },
    });
  });

  it('gives by RBAC what its groups are bound to, and nothing before', async () => {
    const { token } = await instance.machine();
    await expect(kubectl(token, 'get', 'namespaces')).rejects.toThrow(/forbidden/);
    await kubectl(
      undefined,
      ...['create', 'clusterrolebinding', 'zitadel-admins', '--clusterrole=cluster-admin'],
      `--group=zitadel:org:${instance.organizationId}:admin`,
    );
    await expect.poll(() => kubectl(token, 'auth', 'can-i', 'list', 'pods').catch(() => 'no')).toBe('yes\n');
  });

  it('F2 is asked once about a bad token, since a refusal is remembered', async () => {
    const { token } = await instance.machine();
    const bad = `${token.slice(0, -8)}AAAAAAAA`;
    const before = await counted('denied');
    for (let tries = 0; tries < 10; tries++) expect(await statusOf(bad)).toBe(401);
    expect((await counted('denied')) - before).toBe(1);
  });

  it('F3, S18 takes an outage for no refusal: who was refused for it comes in when it is over', async () => {
    const { token } = await instance.machine();
    instance.emulator.controls.outage = true;
    expect(await statusOf(token)).toBe(401);
    instance.emulator.controls.outage = false;
    await expect.poll(() => statusOf(token), { timeout: 20_000 }).toBe(200);
  });

  it('S19 refuses a deactivated user within the times that are documented', async () => {
    const { id, token } = await instance.machine();
    expect(await statusOf(token)).toBe(200);
    await instance.zitadel.users.deactivate(id);
    const began = performance.now();
    await expect.poll(() => statusOf(token), { timeout: 25_000, interval: 250 }).toBe(401);
    // One second here, ten in each of kube-apiserver's two caches.
    expect(performance.now() - began).toBeLessThan(22_000);
  }, 40_000);

  it('reads the AuthenticationConfiguration of the manifests', async () => {
    const yaml = await readFile(join(manifests, 'authentication.yaml'), 'utf8');
    const path = join(folder, 'authentication.yaml');
    await writeFile(path, yaml);
    const other = await startKubeApiserver({ flags: [`--authentication-config=${path}`] });
    await other.stop();
    await writeFile(path, yaml.replace('claim: azp', 'claims: azp'));
    await expect(startKubeApiserver({ flags: [`--authentication-config=${path}`] })).rejects.toThrow(
      /unknown field/,
    );
  }, 60_000);
});
