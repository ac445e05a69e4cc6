import { describe, expect, it } from 'vitest';
import {
  type ConfigMap,
  configMaps,
  type KubeObject,
  type ResourceType,
  type WatchEvent,
} from '../../src/index.ts';
import { openCluster } from '../support/open-cluster.ts';

interface Widget extends KubeObject {
  readonly kind: 'Widget';
  readonly spec?: { readonly size?: number };
  readonly status?: { readonly seen?: string; readonly other?: string };
}
const widgets: ResourceType<Widget> = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: false,
};
const kinds = [{ ...widgets, status: true }];
const open = () => openCluster({ kinds });

describe('objects of a cluster', () => {
  it('are made, read, changed and deleted', async () => {
    const { cluster } = await open();
    const client = cluster.objects(configMaps, 'default');
    const made = await client.create({ metadata: { name: 'one' }, data: { a: '1' } });
    expect(made.metadata.uid).toMatch(/./);
    expect((await client.patch('one', { data: { b: '2' } })).data).toEqual({ a: '1', b: '2' });
    expect((await client.patch('one', [{ op: 'remove', path: '/data/a' }])).data).toEqual({ b: '2' });
    expect(await client.find('none')).toBeUndefined();
    expect(await client.delete('one')).toBe(true);
    expect(await client.delete('one')).toBe(false);
  });

  it('refuses what is not the present version, another uid, and a second of the name', async () => {
    const { cluster } = await open();
    const client = cluster.objects(configMaps, 'default');
    const made = await client.create({ metadata: { name: 'one' } });
    await client.patch('one', { data: { a: '1' } });
    await expect(client.replace(made)).rejects.toMatchObject({ code: 'kubernetes_conflict' });
    await expect(client.delete('one', { uid: 'other' })).rejects.toMatchObject({
      code: 'kubernetes_conflict',
    });
    await expect(client.create({ metadata: { name: 'one' } })).rejects.toMatchObject({
      code: 'kubernetes_already_exists',
    });
  });

  it('lists in pages, and as a whole where the server forgot the first page', async () => {
    const { cluster, server } = await open();
    const client = cluster.objects(configMaps, 'default');
    for (let at = 0; at < 7; at += 1) await client.create({ metadata: { name: `c${at}` } });
    const pages = async () => (await client.list({ pageSize: 3 })).items.map(({ metadata }) => metadata.name);
    expect(await pages()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']);
    server.faults.add({ method: 'GET', status: 410, times: 1 });
    expect(await pages()).toHaveLength(7);
  });

  it('owns by apply what it applied, and lets go of what it leaves out', async () => {
    const { cluster } = await open();
    const client = cluster.objects(widgets);
    await client.create({ metadata: { name: 'w' }, spec: { size: 1 } });
    await client.patch('w', { status: { other: 'theirs' } }, { subresource: 'status' });
    await client.applyStatus('w', { seen: 'a' });
    const cleared = await client.applyStatus('w', {});
    expect(cleared.status).toEqual({ other: 'theirs' });
    await expect(client.applyStatus('none', { seen: 'a' })).rejects.toMatchObject({
      code: 'kubernetes_not_found',
    });
    await client.apply({ metadata: { name: 'w', finalizers: ['example.com/a'] } }, { fieldManager: 'f' });
    const without = await client.apply({ metadata: { name: 'w' } }, { fieldManager: 'f' });
    expect(without.metadata.finalizers ?? []).toEqual([]);
    expect(without.spec).toEqual({ size: 1 });
  });

  it('tells a kind that is not served from an object that is not there', async () => {
    const { cluster, server } = await open();
    const client = cluster.objects(widgets);
    await expect(client.get('w')).rejects.toMatchObject({ code: 'kubernetes_not_found' });
    server.unserve('widgets');
    await expect(client.get('w')).rejects.toMatchObject({ code: 'kubernetes_kind_missing' });
    await expect(client.find('w')).rejects.toMatchObject({ code: 'kubernetes_kind_missing' });
  });

  it('repeats reads after a failure, and no write that may have happened', async () => {
    const { cluster, server } = await open();
    const client = cluster.objects(configMaps, 'default');
    server.faults.add({ method: 'GET', status: 503, times: 1 });
    expect((await client.list()).items).toEqual([]);
    server.faults.add({ method: 'POST', status: 503, times: 1 });
    await expect(client.create({ metadata: { name: 'one' } })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('speaks to a control plane under its path', async () => {
    const { cluster, server } = await open();
    const path = '/apis/resourcemanager.miloapis.com/v1alpha1/projects/shop/control-plane';
    const project = cluster.at(path);
    await project.objects(configMaps, 'default').create({ metadata: { name: 'one' } });
    expect(await cluster.objects(configMaps, 'default').find('one')).toBeUndefined();
    expect(server.requests.at(0)).toMatchObject({ plane: path, method: 'POST' });
    await project.close();
  });
});

describe('a watch', () => {
  it('tells what happens after a list, bookmarks with it, until it is ended', async () => {
    const { cluster, server } = await open();
    const client = cluster.objects(configMaps, 'default');
    const { resourceVersion } = await client.list();
    await client.create({ metadata: { name: 'one' } });
    const stop = new AbortController();
    const seen: string[] = [];
    const name = (event: WatchEvent<ConfigMap>) =>
      event.type === 'BOOKMARK' ? 'bookmark' : `${event.type} ${event.object.metadata.name}`;
    await expect(async () => {
      for await (const event of client.watch({ resourceVersion, signal: stop.signal })) {
        seen.push(name(event));
        if (seen.length === 1) await client.patch('one', { data: { a: '1' } });
        else if (seen.length === 2) server.bookmark();
        else if (seen.length === 3) await client.delete('one');
        else stop.abort();
      }
    }).rejects.toThrow();
    expect(seen).toEqual(['ADDED one', 'MODIFIED one', 'bookmark', 'DELETED one']);
  });

  it('says that a version is forgotten, and ends when nothing comes', async () => {
    const { cluster, server } = await open();
    const client = cluster.objects(configMaps, 'default');
    const { resourceVersion } = await client.list();
    const { signal } = new AbortController();
    const read = async (idleMs: number) => {
      for await (const event of client.watch({ resourceVersion, signal, idleMs })) return event;
      return 'ended';
    };
    expect(await read(50)).toBe('ended');
    await client.create({ metadata: { name: 'one' } });
    server.store().compact();
    await expect(read(5_000)).rejects.toMatchObject({ code: 'kubernetes_expired' });
  });
});

describe('who asks', () => {
  it('is asked for credentials again once the server refuses them', async () => {
    const { cluster, server } = await openCluster({ kinds, token: 'first' });
    const client = cluster.objects(configMaps, 'default');
    await client.list();
    server.setToken('second');
    await expect(client.list()).rejects.toMatchObject({ code: 'kubernetes_unauthenticated' });
  });

  it('S39 allows only on a clear yes of the cluster', async () => {
    const question = {
      user: 'ann',
      resourceAttributes: { verb: 'get', group: 'iam.miloapis.com', resource: 'users' },
    };
    const answers = [
      { allowed: true },
      { allowed: true, denied: true },
      { allowed: false, reason: 'no role' },
    ];
    const { cluster } = await openCluster({ review: () => answers.shift() ?? { allowed: false } });
    expect(await cluster.reviewAccess(question)).toEqual({ allowed: true });
    expect(await cluster.reviewAccess(question)).toEqual({ allowed: false });
    expect(await cluster.reviewAccess(question)).toEqual({ allowed: false, reason: 'no role' });
  });
});
