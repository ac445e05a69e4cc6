import type { Directory } from '@drawbridge/directory';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { databases } from '../support/databases.ts';
import { changed } from '../support/lifecycle.ts';
import { activeOf, addPeople, named, type Person, swept } from '../support/sweeps.ts';
import { newTenant } from '../support/tenants.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

const soon = { timeout: 10_000, interval: 20 };

describe.each(databases)('events of Zitadel on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld({ outboundDenyList: [] });
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
      events: { url: 'own' },
    });
    await directory.start();
    await vi.waitFor(async () => {
      expect(await world.zitadel.actions.listExecutions().all()).not.toHaveLength(0);
      expect((await world.zitadel.actions.listTargets().all())[0]?.timeoutMs).toBe(5_000);
    }, soon);
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });
  afterEach(() => world.emulator.controls.reset());

  const tenant = async (count: number) => {
    const slug = await newTenant(world, directory);
    return { slug, people: await addPeople(world, directory, slug, named('p', count)) };
  };
  const pick = (people: readonly Person[], at: number): Person => {
    const found = people[at];
    if (!found) throw new Error(`nobody at ${at}`);
    return found;
  };
  const stateOf = async ({ id }: Person) =>
    (await call(directory, 'root', 'GET', `/api/users/${id}`)).body.state;

  it('are followed within seconds, and it is known how long the denial took', async () => {
    const { people } = await tenant(6);
    const [one, other] = [pick(people, 0), pick(people, 1)];
    await world.zitadel.users.deactivate(one.zitadelUserId);
    await expect.poll(() => stateOf(one), soon).toBe('inactive_elsewhere');
    const [change] = await directory.database.db
      .selectFrom('status_changes')
      .selectAll()
      .where('user_id', '=', one.id)
      .execute();
    expect(change).toMatchObject({ cause: 'event', to_state: 'inactive', actor: 'drawbridge' });
    expect(change?.denied_after_ms).toBeLessThan(5_000);

    await world.zitadel.users.reactivate(one.zitadelUserId);
    await expect.poll(() => stateOf(one), soon).toBe('active');
    await world.zitadel.users.lock(other.zitadelUserId);
    await expect.poll(() => stateOf(other), soon).toBe('locked');
    await world.zitadel.users.unlock(other.zitadelUserId);
    await expect.poll(() => stateOf(other), soon).toBe('active');
    await world.zitadel.users.remove(other.zitadelUserId);
    await expect.poll(() => stateOf(other), soon).toBe('inactive_elsewhere');
  });

  it('that our own deeds cause change nothing more', async () => {
    const { people } = await tenant(2);
    const one = pick(people, 0);
    await changed(directory, 'POST', `/api/zitadel/users/${one.id}/deactivate`, { reason: 'left' });
    await world.emulator.settled();
    await expect.poll(() => stateOf(one), soon).toBe('inactive');
    await changed(directory, 'POST', `/api/zitadel/users/${one.id}/activate`, {});
    await world.emulator.settled();
    await expect.poll(() => stateOf(one), soon).toBe('active');
    const causes = await directory.database.db
      .selectFrom('status_changes')
      .select('cause')
      .where('user_id', '=', one.id)
      .execute();
    expect(causes.map(({ cause }) => cause)).toEqual(['run', 'run']);
  });

  it('S55 of the last administrator leave them active here', async () => {
    const { slug } = await tenant(1);
    const [admin] = await addPeople(world, directory, slug, ['admin'], 'admin');
    if (!admin) throw new Error('nobody');
    await world.zitadel.users.deactivate(admin.zitadelUserId);
    await expect
      .poll(async () => (await call(directory, 'root', 'GET', `/api/users/${admin.id}`)).body.active)
      .toBe(true);
    await world.emulator.settled();
    expect(await swept(directory, slug)).toMatchObject({ deactivated: 0, skipped: 1 });
    expect(await activeOf(directory, [admin])).toEqual([true]);
  });

  it('S54 of an organization that is emptied stop at its half, and a sweep asks a person', async () => {
    await directory.database.db.deleteFrom('status_changes').execute();
    const { slug, people } = await tenant(6);
    for (const { zitadelUserId } of people) await world.zitadel.users.remove(zitadelUserId);
    await expect
      .poll(async () => {
        const { body } = await call(directory, 'root', 'GET', `/api/sweeps?organization=${slug}`);
        return (body.items as { cause: string; state: string; held: number }[]).map(
          ({ cause, state, held }) => [cause, state, held],
        );
      }, soon)
      .toContainEqual(['event', 'braked', 3]);
    expect((await activeOf(directory, people)).filter(Boolean)).toHaveLength(3);
  });
});

describe.each(databases)('events of Zitadel that may not be read, on $name', (kind) => {
  it('are done without', async () => {
    const world = await openWorld();
    const { location, close } = await kind.location();
    const directory = await openDirectoryOn(world, location, { events: {} });
    try {
      world.emulator.controls.fail({ match: 'zitadel.instance.v2.*', code: 'permission_denied' });
      await directory.start();
      const [one] = await addPeople(world, directory, 'north', ['one']);
      if (!one) throw new Error('nobody');
      await world.zitadel.users.deactivate(one.zitadelUserId);
      expect(await swept(directory)).toMatchObject({ state: 'done', deactivated: 1 });
    } finally {
      await directory.stop();
      await close();
      await world.close();
    }
  });
});
