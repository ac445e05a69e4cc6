import { join } from 'node:path';
import { type Directory, putNetbirdIntegration, putOrganizationNetbird } from '@drawbridge/directory';
import { createNetbirdEmulator, type NetbirdEmulator } from '@drawbridge/emulators';
import { writeFileAtomic } from '@drawbridge/kit';
import { createNetbird, type Netbird } from '@drawbridge/netbird';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { createdUser } from '../support/lifecycle.ts';
import { addPeople, itemsOf, swept, yesterday } from '../support/sweeps.ts';
import { call, openDirectoryOn, openWorld, settled, type World } from '../support/world.ts';

describe.each(databases)('a sweep with NetBird on $name', (kind) => {
  let world: World;
  let emulator: NetbirdEmulator;
  let netbird: Netbird;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    emulator = createNetbirdEmulator();
    await emulator.start();
    netbird = createNetbird({ url: emulator.url, token: emulator.bootstrap.token });
    const tokenPath = join(world.folder, 'netbird-token');
    await writeFileAtomic(tokenPath, emulator.bootstrap.token.expose(), { mode: 0o600 });
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3 },
    });
    const at = new Date();
    const { id: organizationId } = await directory.database.db
      .selectFrom('organizations')
      .select('id')
      .where('slug', '=', 'north')
      .executeTakeFirstOrThrow();
    await directory.database.transaction(async (trx) => {
      const integrationId = await putNetbirdIntegration(trx, {
        name: 'netbird',
        url: emulator.url,
        token: `file:${tokenPath}`,
        actor: 'test',
        at,
      });
      await putOrganizationNetbird(trx, {
        organizationId,
        integrationId,
        groups: ['north'],
        roleGroups: { manager: ['managers'] },
        at,
      });
    });
    await directory.start();
    // Enough people that one who goes is no reason to brake.
    await addPeople(world, directory, 'north', ['a', 'b', 'c', 'd', 'e', 'f'], 'admin');
  });
  afterAll(async () => {
    await directory.stop();
    await netbird.close();
    await emulator.stop();
    await close();
    await world.close();
  });
  afterEach(async () => {
    emulator.controls.reset();
    world.emulator.controls.reset();
    await directory.database.db.deleteFrom('sweeps').execute();
  });

  const row = async (id: string) =>
    await directory.database.db
      .selectFrom('users')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  const signIn = async (id: string) => {
    const { zitadel_user_id: sub, email } = await row(id);
    await emulator.firstSignIn({ sub: sub ?? '', email });
    const user = await netbird.users.findBySubject(sub ?? '');
    if (user?.pendingApproval) await netbird.users.approve(user.id);
  };
  const blocked = async (id: string) =>
    (await netbird.users.findBySubject((await row(id)).zitadel_user_id ?? ''))?.blocked;
  const groupsOf = async (id: string) => {
    const user = await netbird.users.findBySubject((await row(id)).zitadel_user_id ?? '');
    const groups = await netbird.groups.list();
    return user?.autoGroups.map((one) => groups.find((group) => group.id === one)?.name).sort();
  };
  /** A user whose run waits for the first sign-in. */
  const waiting = async (name: string) => {
    const id = await createdUser(directory, name);
    expect((await call(directory, 'root', 'GET', `/api/users/${id}`)).body.state).toBe('waiting');
    return id;
  };
  const lastRun = async (id: string) => (await row(id)).last_run_id ?? '';
  /** A user as they are a day after they first signed in. */
  const provisioned = async (name: string) => {
    const id = await waiting(name);
    await signIn(id);
    await swept(directory, 'north');
    await settled(directory, await lastRun(id), ['done']);
    await directory.database.db
      .updateTable('provisioning_runs')
      .set({ updated_at: yesterday() })
      .where('user_id', '=', id)
      .execute();
    return id;
  };

  it('has a run go on whose person signed in there', async () => {
    const id = await waiting('dora');
    expect(await swept(directory, 'north')).toMatchObject({ corrected: 0 });
    await signIn(id);
    expect(await swept(directory, 'north')).toMatchObject({ corrected: 1 });
    expect(await settled(directory, await lastRun(id), ['done'])).toMatchObject({ state: 'done' });
    expect(await groupsOf(id)).toEqual(['managers', 'north']);
  });

  it('blocks who is inactive there, and lets in again who is active', async () => {
    const id = await provisioned('grace');
    const zitadelUserId = (await row(id)).zitadel_user_id ?? '';
    await world.zitadel.users.deactivate(zitadelUserId);
    const sweep = await swept(directory, 'north');
    expect(sweep).toMatchObject({ deactivated: 1 });
    expect(await itemsOf(directory, sweep.id)).toMatchObject([
      { kind: 'deactivate', state: 'applied', detail: 'NetBird: blocked' },
    ]);
    expect(await blocked(id)).toBe(true);
    expect(await row(id)).toMatchObject({ netbird_state: 'blocked' });
    await world.zitadel.users.reactivate(zitadelUserId);
    expect(await swept(directory, 'north')).toMatchObject({ activated: 1 });
    expect(await blocked(id)).toBe(false);
    expect(await row(id)).toMatchObject({ netbird_state: 'active' });
  });

  it('says where NetBird did not follow, and does it the next time', async () => {
    const id = await provisioned('linus');
    await world.zitadel.users.deactivate((await row(id)).zitadel_user_id ?? '');
    emulator.controls.set({ faults: [{ match: '/api/users', status: 403, message: 'not now' }] });
    const first = await swept(directory, 'north');
    expect(first).toMatchObject({ state: 'done', deactivated: 1 });
    const [told] = (await itemsOf(directory, first.id)).filter(({ userId }) => userId === id);
    expect(told?.detail).toMatch(/^NetBird: \w+: /);
    expect(await row(id)).toMatchObject({ active: false, netbird_state: 'active' });
    emulator.controls.reset();
    const second = await swept(directory, 'north');
    expect((await itemsOf(directory, second.id)).filter(({ userId }) => userId === id)).toMatchObject([
      { kind: 'correct', state: 'applied', detail: 'NetBird: blocked' },
    ]);
    expect(await blocked(id)).toBe(true);
  });

  it('whom a person blocked there stays blocked', async () => {
    const id = await provisioned('mary');
    const user = await netbird.users.findBySubject((await row(id)).zitadel_user_id ?? '');
    await netbird.users.block(user?.id ?? '');
    await swept(directory, 'north');
    expect(await blocked(id)).toBe(true);
  });

  it('corrects roles, authorizations and groups that drifted, each by a run', async () => {
    const id = await provisioned('anna');
    const zitadelUserId = (await row(id)).zitadel_user_id ?? '';
    const drifted = async (says: string) => {
      const sweep = await swept(directory, 'north');
      const items = (await itemsOf(directory, sweep.id)).filter(({ userId }) => userId === id);
      expect(items).toMatchObject([{ kind: 'correct', state: 'applied', was: 'role manager', says }]);
      expect(items[0]?.detail).toMatch(/^corrected by run /);
      await settled(directory, await lastRun(id), ['done']);
      await directory.database.db
        .updateTable('provisioning_runs')
        .set({ updated_at: yesterday() })
        .where('user_id', '=', id)
        .execute();
    };
    const authorization = async () =>
      (await world.zitadel.authorizations.list({ userId: zitadelUserId }).all())[0];

    await world.zitadel.authorizations.update({ id: (await authorization())?.id ?? '', roleKeys: ['user'] });
    await drifted('role user');
    expect((await authorization())?.roles?.map(({ key }) => key)).toEqual(['manager']);

    await world.zitadel.authorizations.remove((await authorization())?.id ?? '');
    await drifted('role missing');
    expect((await authorization())?.roles?.map(({ key }) => key)).toEqual(['manager']);

    const user = await netbird.users.findBySubject(zitadelUserId);
    await netbird.users.change(user?.id ?? '', { autoGroups: [] });
    await drifted('NetBird groups without north, managers');
    expect(await groupsOf(id)).toEqual(['managers', 'north']);

    const sweep = await swept(directory, 'north');
    expect((await itemsOf(directory, sweep.id)).filter(({ userId }) => userId === id)).toEqual([]);
  });

  it('corrects no more than the limit at once, and leaves the rest to the next', async () => {
    const ids: string[] = [];
    for (const name of ['g1', 'g2', 'g3']) ids.push(await provisioned(name));
    const set = async (value: number) =>
      await call(directory, 'root', 'PUT', '/api/settings/sync.brakeUsers', { value, reason: 'test' });
    await set(2);
    try {
      for (const id of ids) {
        const { zitadel_user_id: userId } = await row(id);
        const [held] = await world.zitadel.authorizations.list({ userId: userId ?? '' }).all();
        await world.zitadel.authorizations.remove(held?.id ?? '');
      }
      const sweep = await swept(directory, 'north');
      expect(sweep).toMatchObject({ corrected: 2, skipped: 1 });
      const left = (await itemsOf(directory, sweep.id)).find(({ state }) => state === 'skipped');
      expect(left?.detail).toBe('left for the next sweep');
      for (const id of ids) await settled(directory, await lastRun(id), ['done']);
      expect(await swept(directory, 'north')).toMatchObject({ corrected: 1, skipped: 0 });
    } finally {
      await set(5);
    }
  });
});
