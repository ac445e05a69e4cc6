import { createMetrics } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConfigMap,
  configMaps,
  createCluster,
  createInformer,
  type InformerOptions,
  users,
} from '../../src/index.ts';
import { openCluster } from '../support/open-cluster.ts';
import { servers, type TestServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

/** Follows until the test ends; notes what it was told. */
function follow(options: Omit<InformerOptions<ConfigMap>, 'onChange'>) {
  const told: string[] = [];
  const informer = createInformer<ConfigMap>({
    ...options,
    onChange: ({ type, object }) => {
      if (!object.metadata.name.startsWith('kube-')) told.push(`${type} ${object.metadata.name}`);
    },
  });
  const stop = new AbortController();
  const ended = informer.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return { informer, told };
}

describe.each(servers)('an informer on $title', ({ given, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    if (given) server = await start();
  });
  afterAll(async () => {
    if (given) await server.stop();
  });

  it.skipIf(!given)('lists, follows, and opens a watch again that the server ended', async () => {
    const cluster = createCluster({ access: server.access });
    onTestFinished(() => cluster.close());
    const client = cluster.objects(configMaps, 'default');
    await client.create({ metadata: { name: 'before' } });
    const metrics = await createMetrics({ process: false });
    const { informer, told } = follow({ client, watchSeconds: 1, random: () => 0, metrics });
    await until(() => informer.synced);
    await client.create({ metadata: { name: 'during' } });
    await until(() => told.includes('added during'));
    for (let round = 0; round < 3; round += 1) {
      await client.patch('during', { data: { round: String(round) } });
      await until(() => informer.get('during', 'default')?.data?.round === String(round));
      // Longer than a watch lasts here.
      const end = Date.now() + 700;
      await until(() => Date.now() > end);
    }
    await client.delete('before');
    await until(() => told.includes('deleted before'));
    await client.delete('during');
    await until(() => informer.get('during', 'default') === undefined);
    expect(await metrics.text()).toContain('drawbridge_informer_lists_total{resource="configmaps"} 1');
  });
});

describe('an informer', () => {
  const open = async () => {
    const { cluster, server } = await openCluster();
    return { cluster, server, client: cluster.objects(configMaps, 'default') };
  };

  it('goes on where it was when its connection is cut', async () => {
    const { server, client } = await open();
    const { told } = follow({ client });
    await until(() => server.watches === 1);
    server.dropWatches(true);
    await client.create({ metadata: { name: 'one' } });
    await until(() => told.includes('added one'));
    expect(
      server.requests.filter(({ method, name, watch }) => method === 'GET' && name === '' && !watch),
    ).toHaveLength(1);
  });

  it('says that the server cannot be reached when the connection of its watch breaks', async () => {
    const { server, client } = await open();
    const stop = new AbortController();
    const { resourceVersion } = await client.list();
    const watch = (async () => {
      for await (const _event of client.watch({ resourceVersion, signal: stop.signal }));
    })();
    await until(() => server.watches === 1);
    server.dropWatches(true);
    await expect(watch).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('lists again after 410, and tells as deleted what went meanwhile', async () => {
    const { server, client } = await open();
    await client.create({ metadata: { name: 'goes' } });
    await client.create({ metadata: { name: 'made-again' } });
    const { told } = follow({ client });
    await until(() => server.watches === 1);
    const lift = server.faults.add({ method: 'GET', watch: true, status: 503 });
    server.dropWatches();
    await client.delete('goes');
    await client.delete('made-again');
    await client.create({ metadata: { name: 'made-again' } });
    server.store().compact();
    lift();
    await until(() => told.includes('deleted goes'));
    expect(told.filter((line) => line.endsWith('made-again'))).toEqual([
      'added made-again',
      'deleted made-again',
      'added made-again',
    ]);
  });

  it('goes on from a bookmark, so that a quiet kind is not listed again', async () => {
    const { server, client } = await open();
    const { told } = follow({ client });
    await until(() => server.watches === 1);
    // Others write; nothing of it is in this namespace.
    server
      .store()
      .create({ ...configMaps }, 'other', { metadata: { name: 'x' } }, { manager: 'm', dryRun: false });
    server.bookmark();
    server.store().compact();
    const end = Date.now() + 100;
    await until(() => Date.now() > end);
    server.dropWatches();
    await until(() => server.watches === 1);
    await client.create({ metadata: { name: 'one' } });
    await until(() => told.includes('added one'));
    expect(
      server.requests.filter(({ method, name, watch }) => method === 'GET' && name === '' && !watch),
    ).toHaveLength(1);
  });

  it('waits for a kind that is not served, and for a server that fails', async () => {
    const { server, cluster } = await open();
    const told: string[] = [];
    const informer = createInformer({
      client: cluster.objects(users),
      onChange: ({ object }) => told.push(object.metadata.name),
      clock: { now: () => Date.now(), sleep: (ms, signal) => waitShort(ms, signal) },
    });
    const stop = new AbortController();
    const ended = informer.run(stop.signal);
    await until(() => informer.trouble?.code === 'kubernetes_kind_missing');
    expect(informer.synced).toBe(false);
    server.serve({ ...users, status: true });
    await until(() => informer.synced);
    expect(informer.trouble).toBeUndefined();
    await cluster.objects(users).create({ metadata: { name: 'u1' }, spec: { email: 'a@example.com' } });
    await until(() => told.includes('u1'));
    stop.abort();
    await ended;
  });

  it('survives whoever is told', async () => {
    const { client } = await open();
    const told: string[] = [];
    const informer = createInformer({
      client,
      onChange: ({ object }) => {
        told.push(object.metadata.name);
        throw new Error('a fault of the handler');
      },
    });
    const stop = new AbortController();
    const ended = informer.run(stop.signal);
    for (const name of ['one', 'two']) {
      await client.create({ metadata: { name } });
      await until(() => told.includes(name));
    }
    stop.abort();
    await ended;
  });

  it('tells everything again from time to time', async () => {
    const { client } = await open();
    await client.create({ metadata: { name: 'one' } });
    const { told } = follow({ client, resyncMs: 30 });
    await until(() => told.filter((line) => line === 'resync one').length > 2);
  });
});

async function waitShort(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout: sleep } = await import('node:timers/promises');
  await sleep(Math.min(ms, 30), undefined, signal ? { signal } : {});
}
