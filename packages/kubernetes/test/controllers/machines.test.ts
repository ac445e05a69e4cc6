import { type Clock, systemClock } from '@drawbridge/kit';
import { createTokenSource, deactivatedByKey, parseServiceAccount } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubeObject, keySecretAnnotation, type ResourceType, secrets } from '../../src/index.ts';
import { servers, type TestServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { gone, openWorld, readiness, settled, type World } from './support/world.ts';

interface EventObject extends KubeObject {
  readonly kind: 'Event';
  readonly reason: string;
  readonly regarding: { readonly name: string };
  readonly series?: { readonly count: number };
}
const events: ResourceType<EventObject> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
const day = 86_400_000;

describe.each(servers)('machines on $title', ({ given, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    if (given) server = await start();
  });
  afterAll(async () => {
    if (given) await server.stop();
  });
  const test = it.skipIf(!given);

  const make = async (world: World, annotations = {}) =>
    await world.serviceAccounts.create({ metadata: { name: 'robot', annotations } });

  test('makes the machine, keeps it as it has to be, and takes it away', async () => {
    const world = await openWorld(server);
    world.control({ resyncMs: 300 });
    const { metadata } = await make(world);
    const object = await settled(world.serviceAccounts, 'robot', 'Active');
    expect(object.status).toMatchObject({ email: 'robot@single.identity.example.com', state: 'Active' });
    const user = await world.zitadel.users.get(metadata.uid);
    expect(user).toMatchObject({
      username: 'robot@single.identity.example.com',
      organizationId: world.organizationId,
      machine: { name: 'robot', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
    });
    await world.zitadel.users.update(metadata.uid, {
      username: 'other',
      machine: { accessTokenType: 'ACCESS_TOKEN_TYPE_BEARER' },
    });
    await until(async () => (await world.zitadel.users.get(metadata.uid)).username !== 'other');
    expect((await world.zitadel.users.get(metadata.uid)).machine?.accessTokenType).toBe(
      'ACCESS_TOKEN_TYPE_JWT',
    );
    await world.zitadel.users.remove(metadata.uid);
    await until(() => world.zitadel.users.find(metadata.uid));
    await world.serviceAccounts.delete('robot');
    await gone(world.serviceAccounts, 'robot');
    expect(await world.zitadel.users.find(metadata.uid)).toBeUndefined();
  });

  test('follows the state that the object says, and undoes nothing of others', async () => {
    const world = await openWorld(server);
    world.control();
    const { metadata } = await make(world);
    await settled(world.serviceAccounts, 'robot', 'Active');
    await world.serviceAccounts.patch('robot', { spec: { state: 'Inactive' } });
    expect((await settled(world.serviceAccounts, 'robot', 'Deactivated')).status?.state).toBe('Inactive');
    expect((await world.zitadel.users.metadata(metadata.uid)).get(deactivatedByKey)).toBe(
      `controller:${metadata.uid}`,
    );
    await world.serviceAccounts.patch('robot', { spec: { state: 'Active' } });
    await settled(world.serviceAccounts, 'robot', 'Active');
    expect((await world.zitadel.users.get(metadata.uid)).state).toBe('USER_STATE_ACTIVE');
    await world.zitadel.users.deactivate(metadata.uid);
    await world.serviceAccounts.patch('robot', { metadata: { labels: { a: 'b' } } });
    const object = await settled(world.serviceAccounts, 'robot', 'InactiveElsewhere');
    expect(readiness(object)?.status).toBe('False');
    expect((await world.zitadel.users.get(metadata.uid)).state).toBe('USER_STATE_INACTIVE');
  });

  test('serves the older kind, in namespaces, under its own addresses', async () => {
    const world = await openWorld(server);
    world.control();
    const { metadata } = await world.machineAccounts.create({
      metadata: { name: 'robot', namespace: 'default' },
    });
    const object = await settled(world.machineAccounts, 'robot', 'Active');
    expect(object.status?.email).toBe(`${metadata.uid}@default.single.iam.miloapis.com`);
    await world.machineAccounts.delete('robot');
    await gone(world.machineAccounts, 'robot');
    expect(await world.zitadel.users.find(metadata.uid)).toBeUndefined();
  });

  test('S57 does nothing with a machine that is in another organization', async () => {
    const world = await openWorld(server);
    const other = await world.zitadel.organizations.create({ name: 'Other' });
    const { metadata } = await make(world);
    await world.zitadel.users.create({
      userId: metadata.uid,
      organizationId: other.id,
      machine: { name: 'theirs' },
    });
    world.control();
    await settled(world.serviceAccounts, 'robot', 'WrongOrganization');
    expect((await world.zitadel.users.get(metadata.uid)).machine?.name).toBe('theirs');
    await world.serviceAccounts.delete('robot');
    await gone(world.serviceAccounts, 'robot');
    expect(await world.zitadel.users.find(metadata.uid)).toBeDefined();
  });

  test('F12 keeps a key in a Secret, replaces it before it is old, and removes the former one after the overlap', async () => {
    let aheadMs = 0;
    const clock: Clock = {
      now: () => Date.now() + aheadMs,
      // Whoever waits for days looks up soon.
      sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 200), signal, { background: true }),
    };
    const world = await openWorld(server, { clock });
    const advance = (ms: number) => {
      aheadMs += ms;
      world.emulator.controls.set({ clockOffsetMs: aheadMs });
    };
    world.control({ keys: { maxAgeMs: 30 * day, overlapMs: day }, resyncMs: 200 });
    const { metadata } = await make(world, { [keySecretAnnotation]: 'default/robot-key' });
    const client = world.cluster.objects(secrets, 'default');
    const read = async () => {
      const { data = {} } = await client.get('robot-key');
      return Buffer.from(data['key.json'] ?? '', 'base64').toString();
    };
    const first = parseServiceAccount(await until(async () => (await read()) || undefined));
    const works = async (key: string) => {
      const source = createTokenSource({
        issuer: world.emulator.issuer,
        fetch: world.zitadel.fetch,
        credentials: parseServiceAccount(key),
        clock,
      });
      try {
        return (await source.get()).expose() !== '';
      } finally {
        source.close();
      }
    };
    const firstFile = await read();
    expect(await works(firstFile)).toBe(true);
    expect(first.userId).toBe(metadata.uid);
    const secret = await client.get('robot-key');
    expect(secret.metadata.ownerReferences).toMatchObject([{ kind: 'ServiceAccount', uid: metadata.uid }]);
    expect(
      JSON.parse(Buffer.from(secret.data?.['credentials.json'] ?? '', 'base64').toString()),
    ).toMatchObject({
      type: 'datum_service_account',
      client_id: metadata.uid,
      private_key_id: first.keyId,
      client_email: 'robot@single.identity.example.com',
    });
    const keyIds = async () =>
      (await world.zitadel.users.listKeys({ userId: metadata.uid }).all()).map(({ id }) => id);
    advance(30 * day);
    const secondFile = await until(async () => ((await read()) === firstFile ? undefined : await read()));
    const second = parseServiceAccount(secondFile);
    expect(second.keyId).not.toBe(first.keyId);
    expect(new Set(await keyIds())).toEqual(new Set([first.keyId, second.keyId]));
    expect(await works(firstFile)).toBe(true);
    advance(day + 60_000);
    await until(async () => !(await keyIds()).includes(first.keyId));
    expect(await keyIds()).toEqual([second.keyId]);
    expect(await works(await read())).toBe(true);
    const told = await until(async () => {
      const { items } = await world.cluster.objects(events, 'default').list();
      return items.filter((one) => one.reason === 'KeyRotated' && one.regarding.name === 'robot').at(-1);
    });
    expect(told.series?.count ?? 1).toBeGreaterThanOrEqual(1);
    expect(await world.metrics.text()).toContain(
      'drawbridge_service_account_keys_total{outcome="removed"} 1',
    );
    await client.delete('robot-key');
  });

  test('never writes into a Secret that others made, nor out of the namespace of an account', async () => {
    const world = await openWorld(server);
    const client = world.cluster.objects(secrets, 'default');
    await client.create({ metadata: { name: 'theirs', namespace: 'default' }, data: { a: 'Yg==' } });
    world.control();
    await make(world, { [keySecretAnnotation]: 'default/theirs' });
    await settled(world.serviceAccounts, 'robot', 'KeySecretTaken');
    expect((await client.get('theirs')).data).toEqual({ a: 'Yg==' });
    await world.machineAccounts.create({
      metadata: {
        name: 'robot',
        namespace: 'default',
        annotations: { [keySecretAnnotation]: 'kube-system/stolen' },
      },
    });
    await settled(world.machineAccounts, 'robot', 'InvalidKeySecret');
    await client.delete('theirs');
  });
});
