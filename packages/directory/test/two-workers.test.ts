import type { Directory } from '@drawbridge/directory';
import { createMetrics, type Metrics } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { call, eventsOf, openDirectoryOn, openWorld, settled, type World } from './support/world.ts';

const many = { perSecond: 10_000, burst: 100_000 };
const count = 40;

// An embedded database has one opener: two workers need a server.
const server = databases.find(({ name }) => name === 'PostgreSQL');

describe.skipIf(!server)('two workers on one PostgreSQL (E2E_DATABASE_URL)', () => {
  let world: World;
  let directories: readonly Directory[] = [];
  let metrics: readonly Metrics[] = [];
  let drop: () => Promise<void>;
  beforeAll(async () => {
    world = await openWorld();
    if (!server) throw new Error('there is no server');
    const { location, close } = await server.location();
    drop = close;
    metrics = [await createMetrics(), await createMetrics()];
    const limits = { address: many, reads: many, writes: many };
    const opened: Directory[] = [];
    for (const own of metrics) opened.push(await openDirectoryOn(world, location, { metrics: own, limits }));
    directories = opened;
    await Promise.all(directories.map((directory) => directory.start()));
  });
  afterAll(async () => {
    await Promise.all(directories.map((directory) => directory.stop()));
    await world.close();
    await drop();
  });

  it('share the work: each does some of it, and nothing is done twice', async () => {
    const [first] = directories;
    if (!first) throw new Error('there is no directory');
    world.emulator.controls.latencyMs = 10;
    const runs = await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const user = {
          organization: 'north',
          email: `u${at}@north.example`,
          givenName: 'U',
          familyName: 'V',
        };
        const { body } = await call(first, 'root', 'POST', '/api/users', user);
        return (body.run as { id: string }).id;
      }),
    );
    for (const id of runs) expect((await settled(first, id)).state).toBe('done');
    world.emulator.controls.latencyMs = 0;
    expect(eventsOf(world, 'user.human.added').length).toBeGreaterThanOrEqual(count);
    expect(world.emulator.mails.map(({ to }) => to).filter((to) => /^u\d+@/.test(to))).toHaveLength(count);
    expect(eventsOf(world, 'project.grant.added')).toHaveLength(1);
    const shares = await Promise.all(
      metrics.map(async (own) => {
        const text = await own.text();
        return Number(
          /drawbridge_runs_total\{saga="create-user",outcome="done"\} (\d+)/.exec(text)?.[1] ?? 0,
        );
      }),
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(count);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });
});
