import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Instance, startInstance } from '../../packages/kubernetes/test/support/instance.ts';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../packages/kubernetes/test/support/kube-apiserver.ts';
import { type Running, startDrawbridge } from '../support/command.ts';

const run = promisify(execFile);
const config = join(import.meta.dirname, '../../config');
/** A cluster that is there already, as `make kind-create` makes one. */
const given = process.env.E2E_KUBECONFIG;

const title = 'the controller on a real kube-apiserver (KUBEBUILDER_ASSETS or E2E_KUBECONFIG)';

describe.skipIf(kubeAssets === undefined && given === undefined)(title, () => {
  const kubectlPath = kubeAssets === undefined ? 'kubectl' : join(kubeAssets, 'kubectl');
  let folder: string;
  let instance: Instance;
  let cluster: KubeApiserver | undefined;
  let administrator: string;
  let flags: readonly string[];
  const running: Running[] = [];
  let ada: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-controller-'));
    instance = await startInstance();
    cluster = given === undefined ? await startKubeApiserver() : undefined;
    administrator = cluster ? await cluster.kubeconfig() : String(given);
    await kubectl('apply', '--server-side', '-k', join(config, 'crd'));
    await kubectl('wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all');
    await kubectl('apply', '-k', join(config, 'namespace'));
    await kubectl('apply', '-f', join(config, 'base/services/controller-manager/access.yaml'));
    ada = await person('ada');
    await writeFile(join(folder, 'key.json'), JSON.stringify(instance.emulator.bootstrap.serviceAccountKey), {
      mode: 0o600,
    });
    flags = [
      ...['controller', '--kubeconfig', await ownKubeconfig(), '--zitadel-issuer', instance.emulator.issuer],
      ...['--zitadel-key', join(folder, 'key.json'), '--leader-election-namespace', 'drawbridge'],
      ...['--service-account-organization', instance.organizationId],
      ...['--health-probe-bind-address', '127.0.0.1:0'],
    ];
    // The first is to lead, so that a test can take the lead from it.
    running.push(await startDrawbridge(flags));
    await vi.waitFor(async () => expect(await holder()).not.toBe(''), { timeout: 20_000 });
    running.push(await startDrawbridge(flags));
  }, 120_000);
  afterAll(async () => {
    for (const one of running) await one.kill('SIGTERM');
    await kubectl('delete', 'userdeactivations,users', '--all', '--wait=false').catch(() => undefined);
    await cluster?.stop();
    await instance?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function kubectl(...args: string[]): Promise<string> {
    const { stdout } = await run(kubectlPath, ['--kubeconfig', administrator, ...args], {
      env: { HOME: folder, PATH: process.env.PATH },
    });
    return stdout;
  }

  async function apply(object: object): Promise<void> {
    const child = run(kubectlPath, ['--kubeconfig', administrator, 'apply', '-f', '-'], {
      env: { HOME: folder, PATH: process.env.PATH },
    });
    child.child.stdin?.end(JSON.stringify(object));
    await child;
  }

  /** With the rights that the manifests give, and no others. */
  async function ownKubeconfig(): Promise<string> {
    const token = await kubectl('-n', 'drawbridge', 'create', 'token', 'drawbridge-controller-manager');
    const kubeconfig = JSON.parse(
      await kubectl('config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'),
    ) as { users: { user: object }[] };
    const [first] = kubeconfig.users;
    if (first) first.user = { token: token.trim() };
    await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig), { mode: 0o600 });
    return join(folder, 'kubeconfig');
  }

  async function person(name: string): Promise<string> {
    const { id } = await instance.zitadel.users.create({
      organizationId: instance.organizationId,
      username: `${name}@acme.example`,
      human: {
        profile: { givenName: name, familyName: 'Okafor' },
        email: { email: `${name}@acme.example`, isVerified: true },
      },
    });
    return id;
  }

  async function holder(): Promise<string> {
    const leases = JSON.parse(await kubectl('-n', 'drawbridge', 'get', 'leases', '-o', 'json')) as {
      items: { spec: { holderIdentity?: string } }[];
    };
    return leases.items[0]?.spec.holderIdentity ?? '';
  }

  const stateOf = async (id: string) => (await instance.zitadel.users.get(id)).state;
  const iam = 'iam.miloapis.com/v1alpha1';
  const deactivation = {
    apiVersion: iam,
    kind: 'UserDeactivation',
    metadata: { name: 'ada-left' },
    spec: { userRef: { name: '' }, reason: 'left', deactivatedBy: 'people@acme.example' },
  };

  it('takes a user in, says so, and follows a deactivation and its end', async () => {
    const spec = { email: 'ada@acme.example', givenName: 'Ada', familyName: 'Okafor' };
    await apply({ apiVersion: iam, kind: 'User', metadata: { name: ada }, spec });
    await kubectl('wait', '--for=condition=ZitadelReady', '--timeout=20s', `user.iam.miloapis.com/${ada}`);
    await apply({ ...deactivation, spec: { ...deactivation.spec, userRef: { name: ada } } });
    await expect.poll(() => stateOf(ada), { timeout: 20_000 }).toBe('USER_STATE_INACTIVE');
    expect(await kubectl('describe', 'userdeactivation', 'ada-left')).toMatch(/Events:/);
    await kubectl('delete', 'userdeactivation', 'ada-left', '--timeout=20s');
    await expect.poll(() => stateOf(ada), { timeout: 20_000 }).toBe('USER_STATE_ACTIVE');
  }, 90_000);

  it('makes the machine user of a service account, and removes it with the object', async () => {
    await apply({
      apiVersion: iam,
      kind: 'ServiceAccount',
      metadata: { name: 'deployer' },
      spec: { state: 'Active' },
    });
    await kubectl(
      'wait',
      '--for=condition=Ready',
      '--timeout=20s',
      'serviceaccount.iam.miloapis.com/deployer',
    );
    const uid = await kubectl(
      'get',
      'serviceaccounts.iam.miloapis.com',
      'deployer',
      '-o',
      'jsonpath={.metadata.uid}',
    );
    expect(await stateOf(uid)).toBe('USER_STATE_ACTIVE');
    await kubectl('delete', 'serviceaccounts.iam.miloapis.com', 'deployer', '--timeout=20s');
    expect(await instance.zitadel.users.find(uid)).toBeUndefined();
  }, 60_000);

  it('goes on in another process when the leader dies', async () => {
    const before = await holder();
    const [first] = running.splice(0, 1);
    await first?.kill('SIGKILL');
    await expect.poll(holder, { timeout: 30_000, interval: 500 }).not.toBe(before);
    await apply({ ...deactivation, spec: { ...deactivation.spec, userRef: { name: ada } } });
    await expect.poll(() => stateOf(ada), { timeout: 20_000 }).toBe('USER_STATE_INACTIVE');
  }, 90_000);

  it('gives the Lease back when it is stopped, with no right missing all the while', async () => {
    const [second] = running;
    if (!second) throw new Error('no second controller');
    expect(await second.kill('SIGTERM')).toBe(0);
    expect(await holder()).toBe('');
    expect(second.output()).not.toMatch(/forbidden/i);
    expect(await readFile(join(folder, 'key.json'), 'utf8')).toContain('PRIVATE KEY');
    expect(second.output()).not.toContain('PRIVATE KEY');
  }, 30_000);
});
