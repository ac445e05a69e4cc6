import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configMaps, createCluster, loadClusterAccess } from '@drawbridge/kubernetes';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeAuthority } from '../../packages/kit/test/support/authority.ts';
import {
  type ApiServerOptions,
  startApiServer,
} from '../../packages/kubernetes/test/support/api-server/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(cluster: object, user: object): Promise<string> {
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'ctx', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
    'current-context': 'ctx',
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function secured(options: Pick<ApiServerOptions, 'token'> & { readonly clients?: boolean } = {}) {
  const [servers, clients] = await Promise.all([makeAuthority('servers'), makeAuthority('clients')]);
  const leaf = await servers.issue('kube-apiserver', ['kubernetes.test']);
  const server = await startApiServer({
    ...(options.token === undefined ? {} : { token: options.token }),
    tls: { ...leaf, ...(options.clients ? { clientCa: clients.pem } : {}) },
  });
  onTestFinished(() => server.stop());
  const cluster = {
    server: server.url,
    'certificate-authority-data': base64(servers.pem),
    'tls-server-name': 'kubernetes.test',
  };
  return { server, servers, clients, cluster };
}

async function listed(kubeconfig: string): Promise<number> {
  const access = await loadClusterAccess({ kubeconfig });
  const cluster = createCluster({ access });
  try {
    return (await cluster.objects(configMaps, access.namespace).list()).items.length;
  } finally {
    await cluster.close();
  }
}

describe('a kubeconfig', () => {
  it('opens a cluster by a token, under the name that its certificate has', async () => {
    const { cluster } = await secured({ token: 'abc' });
    expect(await listed(await write(cluster, { token: 'abc' }))).toBe(0);
    await expect(listed(await write(cluster, { token: 'other' }))).rejects.toMatchObject({
      code: 'kubernetes_unauthenticated',
    });
    const { 'tls-server-name': _name, ...unnamed } = cluster;
    await expect(listed(await write(unnamed, { token: 'abc' }))).rejects.toMatchObject({
      code: 'untrusted_certificate',
    });
  });

  it('opens a cluster by a client certificate', async () => {
    const { cluster, clients, servers } = await secured({ clients: true });
    const user = async (authority: typeof clients) => {
      const { cert, key } = await authority.issue('controller');
      return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
    };
    expect(await listed(await write(cluster, await user(clients)))).toBe(0);
    await expect(listed(await write(cluster, await user(servers)))).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('has a plugin asked again once its token is refused', async () => {
    const { cluster, server } = await secured({ token: 'first' });
    const plugin = join(folder, 'plugin.cjs');
    const token = join(folder, 'token');
    await writeFile(token, 'first');
    await writeFile(
      plugin,
      `const token = require('node:fs').readFileSync(${JSON.stringify(token)}, 'utf8');
       console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));`,
    );
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [plugin],
      interactiveMode: 'Never',
    };
    const client = createCluster({
      access: await loadClusterAccess({ kubeconfig: await write(cluster, { exec }) }),
    });
    onTestFinished(() => client.close());
    await client.objects(configMaps, 'team').list();
    server.setToken('second');
    await writeFile(token, 'second');
    expect((await client.objects(configMaps, 'team').list()).items).toEqual([]);
  });

  it('is refused where anybody could be the cluster, and quotes nothing of itself', async () => {
    const { cluster } = await secured();
    const refusals: readonly [object, object, string][] = [
      [{ ...cluster, 'insecure-skip-tls-verify': true }, {}, 'insecure-skip-tls-verify'],
      [{ ...cluster, 'proxy-url': 'http://proxy:3128' }, {}, 'proxy-url'],
      [{ server: 'http://kubernetes.example:8080' }, {}, 'http'],
    ];
    for (const [given, user, words] of refusals) {
      const error = await loadClusterAccess({ kubeconfig: await write(given, user) }).catch(
        (caught: unknown) => caught,
      );
      expect(String(error)).toContain(words);
    }
    const path = join(folder, 'broken');
    await writeFile(path, 'users: [{ token: very-secret');
    const broken = await loadClusterAccess({ kubeconfig: path }).catch((caught: unknown) => caught);
    expect(broken).toMatchObject({ code: 'invalid_kubeconfig' });
    expect(JSON.stringify(broken) + String((broken as Error).stack)).not.toContain('very-secret');
    await expect(loadClusterAccess({ kubeconfig: join(folder, 'none') })).rejects.toMatchObject({
      saw: 'ENOENT',
    });
  });

  it('tells no token of a plugin that fails', async () => {
    const { cluster } = await secured();
    const exec = {
      command: process.execPath,
      args: ['-e', 'console.log("very-secret"); process.exit(0)'],
      interactiveMode: 'Never',
    };
    const access = await loadClusterAccess({ kubeconfig: await write(cluster, { exec }) });
    const error = await access.credentials().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'invalid_kubeconfig' });
    expect(JSON.stringify(error)).not.toContain('very-secret');
    expect((error as Error).cause).toBeUndefined();
  });
});
