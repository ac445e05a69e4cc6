import type { Directory, Schema } from '@drawbridge/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { changed, createdUser } from '../support/lifecycle.ts';
import { swept, yesterday as yesterdaysDate } from '../support/sweeps.ts';
import { call, openDirectoryOn, openWorld, settled, type World } from '../support/world.ts';

/** Tables of a backup that says something of people, in the order in which they are put back. */
const tables = ['users', 'memberships', 'provisioning_runs', 'provisioning_steps', 'status_changes'] as const;
type Backup = ReadonlyMap<keyof Schema, readonly Record<string, unknown>[]>;

describe.each(databases)('the database put back to yesterday on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });

  const backUp = async (): Promise<Backup> => {
    const copy = new Map<keyof Schema, readonly Record<string, unknown>[]>();
    for (const table of tables)
      copy.set(table, await directory.database.db.selectFrom(table).selectAll().execute());
    return copy;
  };
  const putBack = (backup: Backup) =>
    directory.database.transaction(async (trx) => {
      for (const table of tables.toReversed()) await trx.deleteFrom(table).execute();
      for (const table of tables.slice(0, 4)) {
        const rows = (backup.get(table) ?? []).map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([key, value]) => [
              key,
              typeof value === 'object' && value !== null && !(value instanceof Date)
                ? JSON.stringify(value)
                : value,
            ]),
          ),
        );
        if (rows.length > 0)
          await trx
            .insertInto(table)
            .values(rows as never)
            .execute();
      }
    });
  /** What happened to people in Zitadel, which is what must not happen again. */
  const deeds = () => ({
    events: [...world.emulator.events].filter(({ type }) =>
      ['user.human.added', 'user.deactivated', 'user.reactivated', 'user.removed', 'user.locked'].includes(
        type,
      ),
    ).length,
    mails: world.emulator.mails.length,
  });
  const user = async (id: string) => (await call(directory, 'root', 'GET', `/api/users/${id}`)).body;

  it.each(['zitadel', 'stricter'])('deactivates, creates again and mails nobody (rule %s)', async (rule) => {
    const change = { value: rule, reason: 'test' };
    await call(directory, 'root', 'PUT', '/api/settings/sync.conflictRule', change);
    const [kept, left, back, gone, under] = await Promise.all(
      ['kept', 'left', 'back', 'gone', 'under'].map((name) => createdUser(directory, `${name}-${rule}`)),
    );
    if (!kept || !left || !back || !gone || !under) throw new Error('nobody was created');
    const path = (id: string, verb: string) => `/api/zitadel/users/${id}/${verb}`;
    await changed(directory, 'POST', path(back, 'deactivate'), { reason: 'on leave' });

    const yesterday = await backUp();
    for (const one of yesterday.get('users') ?? []) Object.assign(one, { created_at: yesterdaysDate() });
    // The backup was taken while a run was under way, behind its first call to Zitadel.
    const runs = yesterday.get('provisioning_runs') ?? [];
    const [run] = runs.filter((one) => one.user_id === under);
    if (!run) throw new Error('no run');
    Object.assign(run, {
      state: 'running',
      lease_owner: 'gone',
      lease_until: new Date(0),
      finished_at: null,
    });
    for (const step of yesterday.get('provisioning_steps') ?? [])
      if (step.run_id === run.id && Number(step.position) >= 2)
        Object.assign(step, { state: 'pending', output: null, attempts: 1, finished_at: null });

    await changed(directory, 'POST', path(left, 'deactivate'), { reason: 'left' });
    await changed(directory, 'POST', path(back, 'activate'), {});
    await changed(directory, 'DELETE', `/api/users/${gone}`, { reason: 'left' });
    const added = await createdUser(directory, `added-${rule}`);
    await putBack(yesterday);
    const before = deeds();

    await directory.recover();
    expect(await settled(directory, String(run.id))).toMatchObject({ state: 'done' });
    const sweep = await swept(directory);
    // Who left and who was deleted since are known to be so; nobody else.
    expect(sweep).toMatchObject({ state: 'done', activated: 1, deactivated: 2, held: 0 });
    expect(await swept(directory)).toMatchObject({ activated: 0, deactivated: 0 });
    expect(deeds()).toEqual(before);

    expect(await user(kept)).toMatchObject({ active: true });
    expect(await user(under)).toMatchObject({ active: true });
    expect(await user(gone)).toMatchObject({ active: false, zitadelState: 'deleted' });
    // Today's word of the directory itself is found in Zitadel, and is still its own.
    expect(await user(left)).toMatchObject({ active: false, state: 'inactive' });
    expect(await user(back)).toMatchObject({ active: true });
    // Whom the directory does not know any more is left alone.
    expect((await world.zitadel.users.get(added)).state).toBe('USER_STATE_ACTIVE');
  });
});
