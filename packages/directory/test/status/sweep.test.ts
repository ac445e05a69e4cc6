import type { Directory } from '@drawbridge/directory';
import { createMetrics, type Metrics } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { databases } from '../support/databases.ts';
import { changed } from '../support/lifecycle.ts';
import { activeOf, addPeople, itemsOf, named, type Person, sweepUntil, swept } from '../support/sweeps.ts';
import { newAccount, newTenant, withIntegration } from '../support/tenants.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

describe.each(databases)('a sweep on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let metrics: Metrics;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    metrics = await createMetrics();
    directory = await openDirectoryOn(world, own.location, {
      metrics,
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });
  afterEach(async () => {
    world.emulator.controls.reset();
    // No sweep of one test holds anybody in the next.
    await directory.database.db.deleteFrom('sweeps').execute();
  });

  const tenant = async (count: number) => {
    const slug = await newTenant(world, directory);
    const people = await addPeople(world, directory, slug, named('p', count));
    return { slug, people };
  };
  const counted = async (outcome: string) =>
    Number(
      new RegExp(`drawbridge_sweeps_total\\{outcome="${outcome}"\\} (\\d+)`).exec(
        await metrics.text(),
      )?.[1] ?? 0,
    );
  const user = async ({ id }: Person) => (await call(directory, 'root', 'GET', `/api/users/${id}`)).body;
  const set = async (key: string, value: unknown) => {
    const answer = await call(directory, 'root', 'PUT', `/api/settings/${key}`, { value, reason: 'test' });
    expect(answer.status).toBe(200);
  };
  const only = (people: readonly Person[], ...at: readonly number[]) =>
    people.map((_, index) => !at.includes(index));
  const pick = (people: readonly Person[], at: number): Person => {
    const found = people[at];
    if (!found) throw new Error(`nobody at ${at}`);
    return found;
  };

  it('follows Zitadel: inactive and deleted are inactive here, active is active, each with history and audit', async () => {
    const { slug, people } = await tenant(20);
    const [off, gone, back] = [pick(people, 0), pick(people, 1), pick(people, 2)];
    await world.zitadel.users.deactivate(off.zitadelUserId);
    await world.zitadel.users.remove(gone.zitadelUserId);
    await directory.database.db
      .updateTable('users')
      .set({ active: false })
      .where('id', '=', back.id)
      .execute();

    const sweep = await swept(directory, slug);
    expect(sweep).toMatchObject({
      state: 'done',
      canary: 'ok',
      usersRead: 20,
      activated: 1,
      deactivated: 2,
      held: 0,
      brakeLimit: 5,
    });
    expect(await activeOf(directory, people)).toEqual(only(people, 0, 1));
    const changes = await directory.database.db
      .selectFrom('status_changes')
      .selectAll()
      .where('cause_id', '=', sweep.id)
      .execute();
    expect(changes.map((one) => [one.user_id, one.to_state, one.cause, one.actor, one.reason])).toEqual(
      expect.arrayContaining([
        [back.id, 'active', 'sweep', 'drawbridge', 'Zitadel says active'],
        [off.id, 'inactive', 'sweep', 'drawbridge', 'Zitadel says inactive'],
        [gone.id, 'inactive', 'sweep', 'drawbridge', 'Zitadel no longer has the user'],
      ]),
    );
    expect(await user(off)).toMatchObject({ state: 'inactive_elsewhere', zitadelState: 'inactive' });
    expect(await user(gone)).toMatchObject({ active: false, zitadelState: 'deleted' });
    expect(await swept(directory, slug)).toMatchObject({ state: 'done', activated: 0, deactivated: 0 });
  });

  it('shows who is locked and changes nothing for it', async () => {
    const { slug, people } = await tenant(3);
    await world.zitadel.users.lock(pick(people, 0).zitadelUserId);
    expect(await swept(directory, slug)).toMatchObject({ state: 'done', deactivated: 0, skipped: 0 });
    expect(await user(pick(people, 0))).toMatchObject({
      active: true,
      state: 'locked',
      zitadelState: 'locked',
    });
  });

  it('S53 believes a list that lags or hides nothing: who is missing from it is read by id', async () => {
    const { slug, people } = await tenant(8);
    // New users that the list does not show yet, though they seem old here.
    world.emulator.controls.lagMs = 60_000;
    const late = await addPeople(world, directory, slug, named('late', 3));
    expect(await swept(directory, slug)).toMatchObject({ state: 'done', deactivated: 0 });
    expect(await activeOf(directory, [...people, ...late])).toEqual(only([...people, ...late]));
    // A state that the list still shows as it was.
    await world.zitadel.users.deactivate(pick(people, 0).zitadelUserId);
    world.emulator.controls.lagMs = 0;
    await swept(directory, slug);
    world.emulator.controls.lagMs = 60_000;
    await world.zitadel.users.reactivate(pick(people, 0).zitadelUserId);
    await directory.database.db
      .updateTable('users')
      .set({ active: true })
      .where('id', '=', pick(people, 0).id)
      .execute();
    const sweep = await swept(directory, slug);
    expect(await itemsOf(directory, sweep.id)).toMatchObject([
      { kind: 'deactivate', state: 'dropped', says: 'inactive', detail: 'Zitadel says active' },
    ]);
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S53 a wrong Host deactivates nobody', async () => {
    const { slug, people } = await tenant(3);
    const { port } = new URL(world.emulator.issuer);
    const wrong = { issuer: `http://127.0.0.1:${port}` };
    const sweep = await withIntegration(directory, wrong, () => swept(directory, slug));
    expect(sweep).toMatchObject({ state: 'failed', canary: 'failed', deactivated: 0 });
    expect(sweep.code).not.toBeNull();
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S53 a service account without any membership deactivates nobody', async () => {
    const { slug, people } = await tenant(3);
    const key = await newAccount(world);
    const sweep = await withIntegration(directory, { service_account_json: key }, () =>
      swept(directory, slug),
    );
    expect(sweep).toMatchObject({ state: 'failed', deactivated: 0 });
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S53 a service account that sees another organization only deactivates nobody', async () => {
    const { slug, people } = await tenant(2);
    const key = await newAccount(world, { organizationId: 'org-south', role: 'ORG_OWNER' });
    const sweep = await withIntegration(directory, { service_account_json: key }, () =>
      swept(directory, slug),
    );
    expect(['failed', 'braked']).toContain(sweep.state);
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S53 an outage deactivates nobody, before the sweep or in the middle of it', async () => {
    const { slug, people } = await tenant(3);
    await world.zitadel.users.remove(pick(people, 0).zitadelUserId);
    world.emulator.controls.fail({ match: 'zitadel.user.v2.UserService/*', status: 400, code: 'internal' });
    expect(await swept(directory, slug)).toMatchObject({ state: 'failed', deactivated: 0 });
    world.emulator.controls.reset();
    // The list is read, and then nobody can be asked about any more.
    world.emulator.controls.fail({
      match: 'zitadel.user.v2.UserService/GetUserByID',
      code: 'permission_denied',
    });
    const sweep = await swept(directory, slug);
    expect(sweep).toMatchObject({ deactivated: 0 });
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S54 a tenant of six that vanishes is held, whole, until a person decides', async () => {
    const { slug, people } = await tenant(6);
    const before = [await counted('braked'), await counted('done')];
    for (const { zitadelUserId } of people) await world.zitadel.users.remove(zitadelUserId);
    const sweep = await swept(directory, slug);
    expect(sweep).toMatchObject({
      state: 'braked',
      code: 'sweep_braked',
      deactivated: 0,
      held: 6,
      organizations: [{ slug, active: 6, wouldGo: 6, limit: 3, says: 'missing' }],
    });
    expect(sweep.reason).toContain('Nobody was deactivated.');
    expect(await activeOf(directory, people)).toEqual(only(people));
    // The next sweep does not ask the same again.
    const next = await swept(directory, slug);
    expect(next).toMatchObject({ state: 'done', code: 'sweep_braked', held: 0, skipped: 6 });
    expect((await itemsOf(directory, next.id))[0]?.detail).toBe(`waits in sweep ${sweep.id}`);
    expect(await activeOf(directory, people)).toEqual(only(people));
    // Whoever watches the numbers sees the one that waits for a person, once.
    await vi.waitFor(async () =>
      expect([await counted('braked'), await counted('done')]).toEqual(before.map((count) => count + 1)),
    );
  });

  it('S54 an organization that is gone is held, however small', async () => {
    const { slug, people } = await tenant(2);
    await world.zitadel.organizations.remove(`org-${slug}`);
    const sweep = await swept(directory, slug);
    expect(sweep).toMatchObject({ state: 'braked', deactivated: 0, held: 2 });
    expect(sweep.reason).toContain('does not show the organization');
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S54 what is braked still lets people in and corrects', async () => {
    const { slug, people } = await tenant(8);
    for (const { zitadelUserId } of people.slice(0, 6)) await world.zitadel.users.deactivate(zitadelUserId);
    await directory.database.db
      .updateTable('users')
      .set({ active: false })
      .where('id', '=', pick(people, 7).id)
      .execute();
    const sweep = await swept(directory, slug);
    expect(sweep).toMatchObject({ state: 'braked', activated: 1, deactivated: 0, held: 6 });
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('S54 approving needs the right number, looks at each again and drops who changed', async () => {
    const { slug, people } = await tenant(8);
    for (const { zitadelUserId } of people.slice(0, 6)) await world.zitadel.users.deactivate(zitadelUserId);
    const sweep = await swept(directory, slug);
    expect(sweep).toMatchObject({ state: 'braked', held: 6 });
    const approve = (body: object) =>
      call(directory, 'root', 'POST', `/api/sweeps/${sweep.id}/approve`, { reason: 'all left', ...body });

    expect(await approve({ count: 5 })).toMatchObject({ status: 409, body: { code: 'sweep_count_differs' } });
    const first = pick(people, 0);
    expect(await approve({ count: 1, users: [first.id] })).toMatchObject({
      status: 202,
      body: { state: 'braked' },
    });
    await sweepUntil(directory, sweep.id, ({ held }) => held === 5);
    expect(await activeOf(directory, people)).toEqual(only(people, 0));

    await world.zitadel.users.reactivate(pick(people, 1).zitadelUserId);
    expect(await approve({ count: 5 })).toMatchObject({ status: 202, body: { state: 'approved' } });
    const over = await sweepUntil(directory, sweep.id, ({ held }) => held === 0);
    expect(over).toMatchObject({ state: 'approved', deactivated: 5, decidedBy: 'root' });
    expect(await activeOf(directory, people)).toEqual(only(people, 0, 2, 3, 4, 5));
    expect(await user(pick(people, 2))).toMatchObject({ stateReason: 'all left', stateChangedBy: 'root' });
    const items = await itemsOf(directory, sweep.id);
    expect(items.find(({ userId }) => userId === pick(people, 1).id)).toMatchObject({
      state: 'dropped',
      detail: 'Zitadel says active',
    });
    expect(await approve({ count: 1 })).toMatchObject({ status: 409, body: { code: 'sweep_not_held' } });
    const audit = await directory.database.db
      .selectFrom('audit')
      .select(['action', 'actor', 'reason'])
      .where('object_id', '=', sweep.id)
      .orderBy('sequence')
      .execute();
    expect(audit).toEqual([
      { action: 'sweep.request', actor: 'root', reason: null },
      { action: 'sweep.approve', actor: 'root', reason: 'all left' },
      { action: 'sweep.approve', actor: 'root', reason: 'all left' },
    ]);
  });

  it('S54 what is discarded happens to nobody, and is asked again while Zitadel says so', async () => {
    const { slug, people } = await tenant(6);
    for (const { zitadelUserId } of people) await world.zitadel.users.deactivate(zitadelUserId);
    const sweep = await swept(directory, slug);
    const answer = await call(directory, 'root', 'POST', `/api/sweeps/${sweep.id}/discard`, {
      reason: 'a mistake in Zitadel',
    });
    expect(answer).toMatchObject({ status: 200, body: { state: 'discarded', held: 0 } });
    expect(await activeOf(directory, people)).toEqual(only(people));
    expect(await swept(directory, slug)).toMatchObject({ state: 'braked', held: 6 });
  });

  it('S54 one action of a person is never braked', async () => {
    const { people } = await tenant(1);
    const run = await changed(directory, 'POST', `/api/zitadel/users/${pick(people, 0).id}/deactivate`, {
      reason: 'left',
    });
    expect(run.state).toBe('done');
    expect(await activeOf(directory, people)).toEqual([false]);
  });

  it('S55 the last active administrator stays, and the sweep says so', async () => {
    const { slug, people } = await tenant(10);
    const admins = await addPeople(world, directory, slug, named('admin', 4), 'admin');
    for (const { zitadelUserId } of admins) await world.zitadel.users.deactivate(zitadelUserId);
    const sweep = await swept(directory, slug);
    // All at once, so that each would be the last but for the others.
    expect(sweep).toMatchObject({ state: 'done', deactivated: 3, skipped: 1 });
    expect((await activeOf(directory, admins)).filter(Boolean)).toHaveLength(1);
    const kept = (await itemsOf(directory, sweep.id)).find(({ state }) => state === 'skipped');
    expect(kept?.detail).toContain('last active administrator');
    expect(await activeOf(directory, people)).toEqual(only(people));
  });

  it('passes over whom a run has in hand', async () => {
    const { slug, people } = await tenant(8);
    const busy = pick(people, 0);
    await world.zitadel.users.deactivate(busy.zitadelUserId);
    const { organization_id } = await directory.database.db
      .selectFrom('users')
      .select('organization_id')
      .where('id', '=', busy.id)
      .executeTakeFirstOrThrow();
    const at = new Date();
    const run = {
      id: `busy-${busy.id}`,
      saga: 'change-user',
      organization_id,
      user_id: busy.id,
      state: 'quarantined' as const,
      input: '{}',
      requested_by: 'x',
      created_at: at,
      updated_at: at,
    };
    await directory.database.db.insertInto('provisioning_runs').values(run).execute();
    expect(await swept(directory, slug)).toMatchObject({ state: 'done', deactivated: 0 });
    expect(await activeOf(directory, people)).toEqual(only(people));
    await directory.database.db.deleteFrom('provisioning_runs').where('id', '=', run.id).execute();
    expect(await swept(directory, slug)).toMatchObject({ deactivated: 1 });
  });

  it('of both sides Zitadel wins, and the audit keeps what the directory said', async () => {
    const { slug, people } = await tenant(4);
    const one = pick(people, 0);
    await changed(directory, 'POST', `/api/zitadel/users/${one.id}/deactivate`, { reason: 'left' });
    await world.zitadel.users.reactivate(one.zitadelUserId);
    expect(await swept(directory, slug)).toMatchObject({ activated: 1 });
    expect(await activeOf(directory, [one])).toEqual([true]);
    const [conflict] = await directory.database.db
      .selectFrom('audit')
      .select(['from_value', 'to_value'])
      .where('object_id', '=', one.id)
      .where('action', '=', 'status.conflict')
      .execute();
    expect(conflict).toMatchObject({
      from_value: { directory: 'inactive', zitadel: 'active' },
      to_value: { rule: 'zitadel', winner: 'zitadel', loser: 'directory', lost: 'inactive' },
    });
  });

  it('with the stricter rule the directory deactivates again whom it had deactivated, and nobody else', async () => {
    const { slug, people } = await tenant(4);
    const [ours, theirs] = [pick(people, 0), pick(people, 1)];
    await set('sync.conflictRule', 'stricter');
    try {
      await changed(directory, 'POST', `/api/zitadel/users/${ours.id}/deactivate`, { reason: 'left' });
      await world.zitadel.users.deactivate(theirs.zitadelUserId);
      await swept(directory, slug);
      expect(await activeOf(directory, [ours, theirs])).toEqual([false, false]);
      await world.zitadel.users.reactivate(ours.zitadelUserId);
      await world.zitadel.users.reactivate(theirs.zitadelUserId);
      const sweep = await swept(directory, slug);
      expect(sweep).toMatchObject({ activated: 1, corrected: 1 });
      const runs = await directory.database.db
        .selectFrom('provisioning_runs')
        .select('id')
        .where('user_id', '=', ours.id)
        .orderBy('id', 'desc')
        .execute();
      await expect
        .poll(async () => (await world.zitadel.users.get(ours.zitadelUserId)).state, { timeout: 10_000 })
        .toBe('USER_STATE_INACTIVE');
      expect(runs).toHaveLength(2);
      expect(await activeOf(directory, [ours, theirs])).toEqual([false, true]);
    } finally {
      await set('sync.conflictRule', 'zitadel');
    }
  });

  it('only one is under way at a time: the same again is the same one', async () => {
    const { slug } = await tenant(1);
    const other = await newTenant(world, directory);
    world.emulator.controls.latencyMs = 50;
    const ask = (organization: string) =>
      call(directory, 'root', 'POST', '/api/zitadel/users/sync-status', { organization });
    const first = await ask(slug);
    const again = await ask(slug);
    expect(again.body.id).toBe(first.body.id);
    expect(await ask(other)).toMatchObject({ status: 409, body: { code: 'sweep_running' } });
    world.emulator.controls.latencyMs = 0;
    await sweepUntil(directory, first.body.id as string, ({ state }) => state === 'done');
  });
});
