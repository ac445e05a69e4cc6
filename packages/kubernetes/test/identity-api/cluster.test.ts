import { ManualClock, silentLogger } from '@drawbridge/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, clusterAuthorizer, configMaps, readClusterTrust } from '../../src/index.ts';
import { openCluster } from '../support/open-cluster.ts';

const patient = { timeout: 10_000 };
const name = 'extension-apiserver-authentication';
const data = {
  'requestheader-client-ca-file': 'PEM',
  'requestheader-allowed-names': '["front-proxy-client"]',
  'requestheader-username-headers': '["X-Remote-User"]',
  'requestheader-group-headers': '["X-Remote-Group"]',
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
};

async function openTrust(content: Readonly<Record<string, string>>) {
  const opened = await openCluster();
  const objects = opened.cluster.objects(configMaps, 'kube-system');
  await objects.create({ metadata: { name, namespace: 'kube-system' }, data: content });
  return { ...opened, objects };
}

describe('the trust in the front proxy that the cluster names', () => {
  it('S35 is read from kube-system, where the UID’s header is seldom named', async () => {
    const { cluster } = await openTrust(data);
    const trust = await readClusterTrust({ cluster });
    onTestFinished(() => trust.stop());
    expect(trust.current()).toEqual({
      allowedNames: ['front-proxy-client'],
      usernameHeaders: ['X-Remote-User'],
      uidHeaders: ['X-Remote-Uid'],
      groupHeaders: ['X-Remote-Group'],
      extraPrefixes: ['X-Remote-Extra-'],
    });
    expect(await trust.readClientCa()).toBe('PEM');
  });

  it('S35 follows the cluster as it changes, and stays as it is where nobody is named or it is gone', async () => {
    const { cluster, objects } = await openTrust(data);
    const warned: unknown[] = [];
    const logger = { ...silentLogger, warn: (...line: unknown[]) => void warned.push(line) };
    const trust = await readClusterTrust({ cluster, logger });
    onTestFinished(() => trust.stop());
    const patch = (changes: Readonly<Record<string, string>>) => objects.patch(name, { data: changes });
    await patch({ 'requestheader-client-ca-file': 'NEW', 'requestheader-allowed-names': '["a","b"]' });
    await expect.poll(() => trust.readClientCa(), patient).toBe('NEW');
    expect(trust.current().allowedNames).toEqual(['a', 'b']);
    // Nobody named would mean everybody: it is not taken over.
    await patch({ 'requestheader-client-ca-file': 'EVIL', 'requestheader-allowed-names': '[]' });
    await expect.poll(() => warned, patient).toHaveLength(1);
    expect([await trust.readClientCa(), trust.current().allowedNames]).toEqual(['NEW', ['a', 'b']]);
    await objects.delete(name);
    await objects.create({
      metadata: { name, namespace: 'kube-system' },
      data: { ...data, 'requestheader-client-ca-file': 'NEXT' },
    });
    await expect.poll(() => trust.readClientCa(), patient).toBe('NEXT');
  });

  it('F15 is refused where nobody is named, or there is no authority', async () => {
    const empty = await openTrust({ ...data, 'requestheader-allowed-names': '[]' });
    await expect(readClusterTrust({ cluster: empty.cluster })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    const none = await openTrust({});
    await expect(readClusterTrust({ cluster: none.cluster })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
  });

  it('waits for a cluster that has just started, and takes what is set by hand first', async () => {
    const { cluster } = await openCluster();
    const clock = new ManualClock();
    const reading = readClusterTrust({
      cluster,
      clock,
      given: { allowedNames: ['own'], uidHeaders: ['X-Id'] },
    });
    await expect.poll(() => clock.sleeping, patient).toBe(1);
    await cluster
      .objects(configMaps, 'kube-system')
      .create({ metadata: { name, namespace: 'kube-system' }, data });
    clock.advance(1_000);
    const trust = await reading;
    onTestFinished(() => trust.stop());
    expect(trust.current()).toMatchObject({ allowedNames: ['own'], uidHeaders: ['X-Id'] });
  });
});

describe('the cluster’s authorizers', () => {
  const caller: Caller = {
    username: 'ada',
    uid: '1',
    groups: ['g'],
    extra: { 'iam.miloapis.com/parent-name': ['shop'] },
    source: 'front-proxy',
  };
  const question = { caller, verb: 'get', group: 'iam.miloapis.com', resource: 'users', name: '2' };
  const { signal } = new AbortController();

  it('S39 are told everything that is known of the caller', async () => {
    const asked: unknown[] = [];
    const { cluster } = await openCluster({
      review: (spec) => {
        asked.push(spec);
        return { allowed: true };
      },
    });
    const { subjectAccess, close } = clusterAuthorizer(cluster);
    onTestFinished(close);
    expect(await subjectAccess(question, signal)).toEqual({ allowed: true });
    expect(asked).toEqual([
      {
        user: 'ada',
        uid: '1',
        groups: ['g'],
        extra: { 'iam.miloapis.com/parent-name': ['shop'] },
        resourceAttributes: { verb: 'get', group: 'iam.miloapis.com', resource: 'users', name: '2' },
      },
    ]);
  });

  it('S39 are asked in the control plane of the project, and a no with a yes is a no', async () => {
    const { cluster, server } = await openCluster({
      review: () => ({ allowed: true, denied: true, reason: 'no' }),
    });
    const { subjectAccess, close } = clusterAuthorizer(cluster);
    onTestFinished(close);
    expect(await subjectAccess({ ...question, project: 'shop' }, signal)).toEqual({
      allowed: false,
      reason: 'no',
    });
    expect(server.requests.at(-1)).toMatchObject({
      plural: 'subjectaccessreviews',
      plane: '/apis/resourcemanager.miloapis.com/v1alpha1/projects/shop/control-plane',
    });
  });

  it('S39 are no yes where they cannot be asked', async () => {
    const { cluster, server } = await openCluster({ review: () => ({ allowed: true }) });
    const { subjectAccess } = clusterAuthorizer(cluster);
    await server.stop();
    await expect(subjectAccess(question, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      name: expect.stringContaining('Error'),
    });
  });
});
