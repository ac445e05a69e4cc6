import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type Cluster,
  configMaps,
  createCluster,
  type KubeObject,
  type ResourceType,
  type User,
  users,
} from '../../src/index.ts';
import { servers, type TestServer } from '../support/servers.ts';

interface Nothing extends KubeObject {
  readonly kind: 'Nothing';
}
const nothings: ResourceType<Nothing> = {
  group: 'example.com',
  version: 'v1',
  kind: 'Nothing',
  plural: 'nothings',
  namespaced: false,
};
const spec: User['spec'] = { email: 'a@example.com' };
const condition = {
  type: 'Ready',
  status: 'True' as const,
  reason: 'Fine',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

// What the stand-in claims is held against the real server.
describe.each(servers)('what the controllers rely on, on $title', ({ given, start }) => {
  let server: TestServer;
  let cluster: Cluster;
  beforeAll(async () => {
    if (!given) return;
    server = await start();
    cluster = createCluster({ access: server.access });
  });
  afterAll(async () => {
    if (!given) return;
    await cluster.close();
    await server.stop();
  });
  const test = it.skipIf(!given);
  const make = async (name: string, metadata: Partial<User['metadata']> = {}) => {
    const client = cluster.objects(users);
    const made = await client.create({ metadata: { ...metadata, name }, spec });
    onTestFinished(async () => {
      const left = await client.find(name);
      if (left?.metadata.finalizers) await client.patch(name, { metadata: { finalizers: null } });
      await client.delete(name);
    });
    return { client, made };
  };

  test('a status is written apart, and counts no generation', async () => {
    const { client, made } = await make('a1');
    expect(made.metadata.generation).toBe(1);
    const whole = await client.patch('a1', { status: { avatarUrl: 'x' }, spec: { givenName: 'Ann' } });
    expect(whole.metadata.generation).toBe(2);
    expect(whole.status?.avatarUrl).toBeUndefined();
    const status = await client.patch(
      'a1',
      { status: { avatarUrl: 'x' }, spec: { givenName: 'Bo' } },
      { subresource: 'status' },
    );
    expect(status.metadata.generation).toBe(2);
    expect([status.status?.avatarUrl, status.spec.givenName]).toEqual(['x', 'Ann']);
  });

  test('what is applied is owned, entry by entry; what is left out goes, what others own stays', async () => {
    const { client } = await make('a2');
    const one = { fieldManager: 'one' };
    const other = { fieldManager: 'other' };
    await client.applyStatus('a2', { conditions: [condition], state: 'Inactive' }, one);
    await client.applyStatus('a2', { conditions: [{ ...condition, type: 'Else' }], avatarUrl: 'x' }, other);
    const types = (user: User) => user.status?.conditions?.map(({ type }) => type).sort();
    const both = await client.get('a2');
    expect(types(both)).toEqual(['Else', 'Ready']);
    expect(both.status).toMatchObject({ avatarUrl: 'x', state: 'Inactive' });
    const less = await client.applyStatus('a2', { conditions: [condition] }, one);
    expect(types(less)).toEqual(['Else', 'Ready']);
    expect(less.status?.avatarUrl).toBe('x');
    expect(less.status?.state ?? 'Active').toBe('Active');
    const { metadata } = await client.applyStatus('a2', { conditions: [condition] }, one);
    expect(metadata.resourceVersion).toBe(less.metadata.resourceVersion);
    const gone = await client.applyStatus('a2', {}, other);
    expect(types(gone)).toEqual(['Ready']);
    expect(gone.status?.avatarUrl).toBeUndefined();
  });

  test('a status of nothing is refused', async () => {
    const client = cluster.objects(users);
    await expect(client.applyStatus('none', { state: 'Active' })).rejects.toMatchObject({
      code: 'kubernetes_not_found',
    });
  });

  test('a patch with a version or a uid is of that object alone', async () => {
    const { client, made } = await make('a4');
    const { uid, resourceVersion } = made.metadata;
    await client.patch('a4', { metadata: { labels: { a: 'b' } } });
    const late = client.patch('a4', { metadata: { uid, resourceVersion, finalizers: ['example.com/a'] } });
    await expect(late).rejects.toMatchObject({ code: 'kubernetes_conflict' });
    await expect(
      client.patch('a4', [{ op: 'test', path: '/metadata/labels/a', value: 'c' }]),
    ).rejects.toMatchObject({
      code: 'kubernetes_invalid',
    });
  });

  test('finalizers keep an object, take none in once it is deleted, and let it go with the last', async () => {
    const { client, made } = await make('a5', { finalizers: ['example.com/a', 'example.com/b'] });
    const { uid } = made.metadata;
    await expect(client.delete('a5', { uid: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject({
      code: 'kubernetes_conflict',
    });
    expect(await client.delete('a5', { uid })).toBe(true);
    const deleting = await client.get('a5');
    expect(deleting.metadata.deletionTimestamp).toMatch(/^\d{4}-/);
    const more = [...(deleting.metadata.finalizers ?? []), 'example.com/c'];
    await expect(client.patch('a5', { metadata: { finalizers: more } })).rejects.toMatchObject({
      code: 'kubernetes_invalid',
    });
    await client.patch('a5', { metadata: { finalizers: ['example.com/b'] } });
    expect(await client.find('a5')).toBeDefined();
    await client.patch('a5', { metadata: { finalizers: [] } });
    expect(await client.find('a5')).toBeUndefined();
    const again = await client.create({ metadata: { name: 'a5' }, spec });
    expect(again.metadata.uid).not.toBe(uid);
  });

  test('lists come in pages of one moment', async () => {
    const client = cluster.objects(configMaps, 'default');
    for (let at = 0; at < 5; at += 1)
      await client.create({ metadata: { name: `p${at}`, labels: { test: 'pages' } } });
    const { items, resourceVersion } = await client.list({ pageSize: 2, labelSelector: 'test=pages' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    expect(items.every(({ kind, apiVersion }) => kind === 'ConfigMap' && apiVersion === 'v1')).toBe(true);
    expect(resourceVersion).toMatch(/./);
    for (const { metadata } of items) await client.delete(metadata.name);
  });

  test('a watch goes on from a list, and a forgotten version is told apart', async () => {
    const { client } = await make('a6');
    const { resourceVersion } = await client.list();
    await client.patch('a6', { metadata: { labels: { a: 'b' } } });
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const event of client.watch({ resourceVersion, signal: stop.signal })) {
      if (event.type !== 'BOOKMARK') seen.push(`${event.type} ${event.object.metadata.name}`);
      break;
    }
    expect(seen).toEqual(['MODIFIED a6']);
    const old = async () => {
      for await (const event of client.watch({ resourceVersion: '1', signal: stop.signal })) return event;
      return undefined;
    };
    await expect(old()).rejects.toMatchObject({ code: 'kubernetes_expired' });
  });

  test('a kind that is not served is no missing object', async () => {
    const client = cluster.objects(nothings);
    await expect(client.list()).rejects.toMatchObject({ code: 'kubernetes_kind_missing' });
    await expect(client.get('a')).rejects.toMatchObject({ code: 'kubernetes_kind_missing' });
    await expect(cluster.objects(users).get('a')).rejects.toMatchObject({ code: 'kubernetes_not_found' });
  });

  test('a dry run changes nothing', async () => {
    const { client } = await make('a7');
    await client.create({ metadata: { name: 'a8' }, spec }, { dryRun: true });
    await client.patch('a7', { spec: { givenName: 'Bo' } }, { dryRun: true });
    await client.delete('a7', { dryRun: true });
    expect(await client.find('a8')).toBeUndefined();
    expect((await client.get('a7')).spec.givenName).toBeUndefined();
  });
});
