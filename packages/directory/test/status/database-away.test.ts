import type { Directory } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwn } from '../support/databases.ts';
import { activeOf, addPeople, named, swept } from '../support/sweeps.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

const server = process.env.E2E_DATABASE_URL;

describe.skipIf(server === undefined)('the database goes away during a sweep (E2E_DATABASE_URL)', () => {
  let world: World;
  let directory: Directory;
  let own: Awaited<ReturnType<typeof createOwn>>;

  beforeAll(async () => {
    world = await openWorld();
    own = await createOwn(server ?? '');
    directory = await openDirectoryOn(world, { url: new Secret(own.url), connectTimeoutMs: 2_000 });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await own.drop();
    await world.close();
  });

  /** Ends every connection of this database but the one that asks, as a restart of the server does. */
  const cut = async () => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        own.name,
      ]);
    } finally {
      await client.end();
    }
  };

  it('S53 and nobody is deactivated by mistake, then or by the next one', async () => {
    const people = await addPeople(world, directory, 'north', named('p', 20));
    const [gone] = people;
    await world.zitadel.users.remove(gone?.zitadelUserId ?? '');
    world.emulator.controls.latencyMs = 40;
    const { body } = await call(directory, 'root', 'POST', '/api/zitadel/users/sync-status', {});
    for (let at = 0; at < 5; at += 1) {
      await cut();
      await call(directory, 'root', 'GET', `/api/sweeps/${String(body.id)}`).catch(() => undefined);
    }
    world.emulator.controls.latencyMs = 0;
    // Whatever became of it, only the one who is gone may have been touched.
    expect((await activeOf(directory, people)).slice(1)).toEqual(people.slice(1).map(() => true));
    await directory.database.db
      .updateTable('sweeps')
      .set({ state: 'failed', lease_until: null })
      .where('state', '=', 'running')
      .execute();
    expect(await swept(directory)).toMatchObject({ state: 'done', held: 0 });
    expect(await activeOf(directory, people)).toEqual(people.map((one) => one !== gone));
  });
});
