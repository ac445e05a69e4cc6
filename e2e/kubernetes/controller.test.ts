import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { type Cluster, createCluster, leases, userDeactivations, users } from '@drawbridge/kubernetes';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { servers, type TestServer } from '../../packages/kubernetes/test/support/servers.ts';
import { until } from '../../packages/kubernetes/test/support/until.ts';
import { drawbridge, startDrawbridge } from '../support/command.ts';

describe.each(servers)('drawbridge controller on $title', ({ given, start }) => {
  let server: TestServer;
  let folder: string;
  let emulator: ZitadelEmulator;
  let zitadel: Zitadel;
  let cluster: Cluster;
  let flags: readonly string[];
  beforeAll(async () => {
    if (!given) return;
    server = await start();
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-controller-'));
    emulator = createZitadelEmulator();
    await emulator.start();
    const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
    zitadel = createZitadel({ issuer: emulator.issuer, credentials: parseServiceAccount(key) });
    cluster = createCluster({ access: server.access });
    await writeFile(join(folder, 'key.json'), key, { mode: 0o600 });
    const kubeconfig = (await server.kubeconfig?.()) ?? join(folder, 'kubeconfig');
    if (!server.kubeconfig) await writeFile(kubeconfig, kubeconfigOf(server.access.server), { mode: 0o600 });
    flags = [
      ...['controller', '--zitadel-issuer', emulator.issuer, '--zitadel-key', join(folder, 'key.json')],
      ...['--kubeconfig', kubeconfig, '--health-probe-bind-address', '127.0.0.1:0'],
      ...['--metrics-bind-address', '127.0.0.1:0'],
    ];
  });
  afterAll(async () => {
    if (!given) return;
    await cluster.close();
    await zitadel.close();
    await emulator.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const test = it.skipIf(!given);

  const run = async (...more: string[]) => {
    const running = await startDrawbridge([...flags, ...more]);
    onTestFinished(async () => {
      await running.kill('SIGKILL');
    });
    return running;
  };
  const person = async (id: string) => {
    const { organizationId } = emulator.bootstrap;
    const email = `${id}@example.com`;
    const profile = { givenName: 'Ann', familyName: 'Ash' };
    await zitadel.users.create({
      userId: id,
      organizationId,
      human: { profile, email: { email, isVerified: true } },
    });
    await cluster.objects(users).create({ metadata: { name: id }, spec: { email, ...profile } });
  };
  const deactivate = (id: string) =>
    cluster.objects(userDeactivations).create({
      metadata: { name: id },
      spec: { userRef: { name: id }, reason: 'left', deactivatedBy: 'ops' },
    });
  const inactive = (id: string) =>
    until(async () => (await zitadel.users.get(id)).state === 'USER_STATE_INACTIVE', 25_000);

  test('reconciles, serves probes and metrics, gives the lease back and stops with 0', async () => {
    const running = await run();
    await person('c1');
    await deactivate('c1');
    await inactive('c1');
    const ready = await fetch(`${String(running.ready.url)}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { cluster: 'ok' } }]);
    const metrics = async () => (await fetch(`${String(running.ready.metrics)}/metrics`)).text();
    expect(await metrics()).toContain('drawbridge_leader{lease="drawbridge-controller"} 1');
    // It is counted once the look is over, a moment after Zitadel was changed.
    await expect.poll(metrics).toMatch(/drawbridge_reconciles_total\{controller="users",outcome="ok"\} \d+/);
    const lease = () => cluster.objects(leases, 'default').get('drawbridge-controller');
    expect((await lease()).spec).toMatchObject({ leaseDurationSeconds: 15 });
    expect(await running.kill('SIGTERM')).toBe(0);
    expect((await lease()).spec?.holderIdentity).toBe('');
    const { key } = emulator.bootstrap.serviceAccountKey;
    expect(running.output()).not.toContain(key.split('\\n')[1]);
  });

  test('has another process go on where one is killed in the middle', async () => {
    const one = await run();
    await person('k1');
    await deactivate('k1');
    await inactive('k1');
    const other = await run();
    await one.kill('SIGKILL');
    await person('k2');
    await deactivate('k2');
    await inactive('k2');
    expect(other.output()).toContain('leading');
  }, 60_000);

  test('goes on when Zitadel was away', async () => {
    const running = await run();
    await until(() => running.output().includes('leading'), 25_000);
    emulator.controls.set({ outage: true });
    await cluster.objects(users).create({ metadata: { name: 'z1' }, spec: { email: 'z1@example.com' } });
    await until(() => running.output().includes('not reconciled'));
    emulator.controls.set({ outage: false });
    await until(async () => {
      const { status } = await cluster.objects(users).get('z1');
      return status?.conditions?.some(({ reason }) => reason === 'UserMissing');
    }, 25_000);
  });

  test('tells every mistake at once, with exit code 2', async () => {
    const nothing = await drawbridge(['controller', '--mode', 'many', '--resync-period', 'often']);
    expect(nothing.code).toBe(2);
    for (const flag of ['--zitadel-issuer', '--zitadel-key', '--mode', '--resync-period'])
      expect(nothing.stderr).toContain(flag);
    const nowhere = await drawbridge([...flags.slice(0, 5), '--kubeconfig', join(folder, 'none')]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('error[invalid_kubeconfig]');
  });
});

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}
