import type { Directory } from '@drawbridge/directory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { activeOf, addPeople, named, swept } from '../support/sweeps.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

describe.each(databases)('a sweep on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeEach(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3 },
    });
    await directory.start();
  });
  afterEach(async () => {
    world.emulator.controls.reset();
    await directory.stop();
    await close();
    await world.close();
  });

  it('follows Zitadel: inactive and deleted are inactive here, active is active, and each has its history', async () => {
    const people = await addPeople(world, directory, 'north', named('p', 20));
    const [off, gone, back] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
    await world.zitadel.users.deactivate(off.zitadelUserId);
    await world.zitadel.users.remove(gone.zitadelUserId);
    await directory.database.db
      .updateTable('users')
      .set({ active: false })
      .where('id', '=', back.id)
      .execute();

    const sweep = await swept(directory);
    expect(sweep).toMatchObject({
      state: 'done',
      canary: 'ok',
      usersRead: 20,
      activated: 1,
      deactivated: 2,
      held: 0,
    });
    expect(await activeOf(directory, [off, gone, back])).toEqual([false, false, true]);
    expect(
      await directory.database.db.selectFrom('status_changes').selectAll().orderBy('id').execute(),
    ).toMatchObject([
      { user_id: back.id, to_state: 'active', cause: 'sweep', cause_id: sweep.id, actor: 'drawbridge' },
      { user_id: off.id, to_state: 'inactive', reason: 'Zitadel says inactive' },
      { user_id: gone.id, to_state: 'inactive', reason: 'Zitadel no longer has the user' },
    ]);
    const { body } = await call(directory, 'root', 'GET', `/api/users/${off.id}`);
    expect(body).toMatchObject({
      state: 'inactive_elsewhere',
      zitadelState: 'inactive',
      stateChangedBy: 'drawbridge',
    });
    expect(await swept(directory)).toMatchObject({ state: 'done', activated: 0, deactivated: 0, skipped: 0 });
  });
});
