import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type Cluster,
  createCluster,
  createElector,
  type ElectorOptions,
  type Leadership,
  type Lease,
  type LeaseSpec,
  leases,
  type Stored,
} from '../../../src/index.ts';
import { servers, type TestServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';

/** Runs an elector whose work is to wait. */
function elect(options: ElectorOptions) {
  const elector = createElector(options);
  const stop = new AbortController();
  let leadership: Leadership | undefined;
  const ended = elector
    .run(async (given) => {
      leadership = given;
      await new Promise<void>((resolve) => given.signal.addEventListener('abort', () => resolve()));
    }, stop.signal)
    .then(
      () => 'ended',
      (error: { readonly code?: string }) => error.code,
    );
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return { elector, ended, stop: () => stop.abort(), leadership: () => leadership };
}

describe.each(servers)('the elector on $title', ({ given, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    if (given) server = await start();
  });
  afterAll(async () => {
    if (given) await server.stop();
  });
  const test = it.skipIf(!given);

  test('renews, gives the lease back, and has the other lead at once', async () => {
    const cluster = createCluster({ access: server.access });
    onTestFinished(() => cluster.close());
    const times = { leaseMs: 3_000, renewMs: 1_500, retryMs: 50 };
    const of = (identity: string) =>
      elect({ cluster, namespace: 'default', name: 'leader', identity, ...times });
    const one = of('one');
    await until(() => one.elector.leading);
    const other = of('other');
    const lease = () => cluster.objects(leases, 'default').get('leader');
    const first = await lease();
    const renewed = await until(async () => {
      const now = await lease();
      return now.spec?.renewTime === first.spec?.renewTime ? undefined : now;
    });
    expect(renewed.spec).toMatchObject({
      holderIdentity: 'one',
      leaseDurationSeconds: 3,
      leaseTransitions: 0,
      acquireTime: first.spec?.acquireTime,
    });
    expect(other.elector.leading).toBe(false);
    await until(() => other.elector.holder === 'one');
    one.stop();
    expect(await one.ended).toBe('ended');
    await until(() => other.elector.leading);
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'other', leaseTransitions: 1 });
    expect(() => one.leadership()?.assert()).toThrow(expect.objectContaining({ code: 'leadership_lost' }));
  });
});

/** A cluster of one lease, whose answers the test can withhold from one elector or another. */
function leaseStore() {
  let lease: Stored<Lease> | undefined;
  let version = 0;
  const store = (spec: LeaseSpec | undefined): Stored<Lease> => {
    version += 1;
    lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'leader', namespace: 'default', uid: 'u', resourceVersion: String(version) },
      ...(spec === undefined ? {} : { spec }),
    };
    return lease;
  };
  const away = new Set<string>();
  const clientOf = (identity: string): Pick<Cluster, 'objects'> => {
    const guard = () => {
      if (away.has(identity)) throw new DrawbridgeError('unreachable');
    };
    const client = {
      async find() {
        guard();
        return lease;
      },
      async get() {
        return lease;
      },
      async create(draft: { readonly spec?: LeaseSpec }) {
        guard();
        if (lease) throw new DrawbridgeError('kubernetes_already_exists');
        return store(draft.spec);
      },
      async replace(next: Stored<Lease>) {
        guard();
        if (next.metadata.resourceVersion !== lease?.metadata.resourceVersion)
          throw new DrawbridgeError('kubernetes_conflict');
        return store(next.spec);
      },
    };
    return { objects: () => client as never };
  };
  return { clientOf, away };
}

const ticks = async () => {
  for (let round = 0; round < 8; round += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('two electors', () => {
  const open = () => {
    const clock = new ManualClock();
    const { clientOf, away } = leaseStore();
    const of = (identity: string) =>
      elect({
        cluster: clientOf(identity),
        namespace: 'default',
        name: 'leader',
        identity,
        clock,
        monotonic: () => clock.now(),
        random: () => 0.5,
      });
    return { clock, away, electors: [of('one'), of('other')] as const };
  };
  const leads = ({ leadership }: ReturnType<typeof elect>) => {
    try {
      leadership()?.assert();
      return leadership() !== undefined;
    } catch {
      return false;
    }
  };

  it('hand over within the time of the lease when the leader is cut off, and never lead both', async () => {
    const { clock, away, electors } = open();
    await ticks();
    const [first, second] = leads(electors[0]) ? electors : [electors[1], electors[0]];
    expect([leads(first), leads(second)]).toEqual([true, false]);
    away.add(first.elector.identity);
    let passed = 0;
    while (!leads(second) && passed < 30_000) {
      clock.advance(500);
      passed += 500;
      await ticks();
      expect(leads(first) && leads(second)).toBe(false);
    }
    expect(passed).toBeLessThanOrEqual(15_000 + 2 * 2_400);
    expect(await first.ended).toBe('leadership_lost');
  });

  it('never lead both, whatever the network does and however the clock jumps', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 12_000 }) }),
      fc.record({
        kind: fc.constantFrom('cut' as const, 'join' as const),
        who: fc.constantFrom('one', 'other'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const { clock, away, electors } = open();
        await ticks();
        for (const one of steps) {
          if (one.kind === 'advance') clock.advance(one.ms);
          else if (one.kind === 'cut') away.add(one.who);
          else away.delete(one.who);
          // Before anybody had a chance to notice, too.
          expect(electors.filter(leads).length).toBeLessThanOrEqual(1);
          await ticks();
          expect(electors.filter(leads).length).toBeLessThanOrEqual(1);
        }
        for (const { stop } of electors) stop();
        await ticks();
      }),
      { numRuns: 40 },
    );
  });

  it('give back a lease that came as they were being stopped', async () => {
    const clock = new ManualClock();
    const { clientOf } = leaseStore();
    const stop = new AbortController();
    const cluster = clientOf('one');
    const client = cluster.objects(leases, 'default');
    const stopping = {
      objects: () => ({
        ...client,
        create: async (draft: Parameters<typeof client.create>[0]) => {
          stop.abort();
          return await client.create(draft);
        },
      }),
    } as unknown as typeof cluster;
    const elector = createElector({ cluster: stopping, namespace: 'default', name: 'leader', clock });
    let worked = false;
    await elector.run(async () => {
      worked = true;
    }, stop.signal);
    expect([worked, (await client.find('leader'))?.spec?.holderIdentity]).toEqual([false, '']);
  });

  it.each([
    ['create', 1],
    ['replace', 1],
    ['replace', 2],
  ] as const)(
    'give back what a write took whose answer was cut off by the end: the next leader waited for 15 s (%s %i)',
    async (method, nth) => {
      const clock = new ManualClock();
      const { clientOf } = leaseStore();
      const stop = new AbortController();
      const cluster = clientOf('one');
      const client = cluster.objects(leases, 'default');
      if (method === 'replace') await client.create({ metadata: { name: 'leader' }, spec: {} });
      let calls = 0;
      const cutOff = {
        objects: () => ({
          ...client,
          [method]: async (lease: Stored<Lease>) => {
            const taken = await client[method](lease);
            calls += 1;
            if (calls !== nth) return taken;
            stop.abort();
            throw new DrawbridgeError('canceled');
          },
        }),
      } as unknown as typeof cluster;
      const elector = createElector({
        ...{ cluster: cutOff, namespace: 'default', name: 'leader', clock },
        monotonic: () => clock.now(),
      });
      const ended = elector.run(
        (leadership) =>
          new Promise((resolve) => leadership.signal.addEventListener('abort', () => resolve())),
        stop.signal,
      );
      while (!stop.signal.aborted) {
        await ticks();
        if (clock.sleeping > 0) clock.advance(2_400);
      }
      await ended;
      expect((await client.get('leader')).spec).toMatchObject({ holderIdentity: '' });
    },
  );

  it('refuses times that leave no margin', () => {
    const { clientOf } = leaseStore();
    const cluster = clientOf('one');
    expect(() =>
      createElector({ cluster, namespace: 'default', name: 'leader', leaseMs: 10_000, renewMs: 10_000 }),
    ).toThrow(expect.objectContaining({ code: 'invalid_settings' }));
  });
});
