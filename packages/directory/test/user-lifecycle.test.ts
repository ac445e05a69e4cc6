import type { Directory } from '@drawbridge/directory';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { changed, createdUser } from './support/lifecycle.ts';
import { call, eventsOf, openDirectoryOn, openWorld, type World } from './support/world.ts';

describe.each(databases)('a user on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await world.zitadel.organizations.create({ organizationId: 'org-pair', name: 'pair' });
    await directory.start();
    await call(directory, 'root', 'POST', '/api/organizations', { slug: 'pair', name: 'Pair' });
    await changed(directory, 'POST', '/api/zitadel/org-mapping', {
      organization: 'pair',
      zitadelOrgId: 'org-pair',
      reason: 'test',
    });
    close = own.close;
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });
  afterEach(() => world.emulator.controls.reset());

  const user = async (id: string) => (await call(directory, 'root', 'GET', `/api/users/${id}`)).body;
  const audit = async (id: string) =>
    (
      await directory.database.db
        .selectFrom('audit')
        .select('action')
        .where('object_id', '=', id)
        .orderBy('sequence')
        .execute()
    ).map(({ action }) => action);

  it('is deactivated in Zitadel first, without sessions, and activated again', async () => {
    const id = await createdUser(directory, 'dora');
    const run = await changed(directory, 'POST', `/api/zitadel/users/${id}/deactivate`, { reason: 'left' });
    expect(run).toMatchObject({ state: 'done' });
    expect(run.steps.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      'token: service account accepted',
      'zitadel_user: inactive',
      'sessions: 0 ended',
      'netbird: not used',
    ]);
    expect((await world.zitadel.users.get(id)).state).toBe('USER_STATE_INACTIVE');
    expect(await user(id)).toMatchObject({
      active: false,
      state: 'inactive',
      stateReason: 'left',
      stateChangedBy: 'root',
      zitadelState: 'inactive',
    });
    const [change] = await directory.database.db
      .selectFrom('status_changes')
      .selectAll()
      .where('user_id', '=', id)
      .execute();
    expect(change).toMatchObject({ from_state: 'active', to_state: 'inactive', cause: 'run', actor: 'root' });
    expect(change?.denied_after_ms).toBeGreaterThanOrEqual(0);

    await changed(directory, 'POST', `/api/zitadel/users/${id}/activate`);
    expect((await world.zitadel.users.get(id)).state).toBe('USER_STATE_ACTIVE');
    expect(await user(id)).toMatchObject({ active: true, state: 'active' });
    expect((await world.zitadel.users.metadata(id)).get('drawbridge.deactivated-by')).toBeUndefined();
    expect(await audit(id)).toEqual([
      'user.create',
      'user.deactivate',
      'user.deactivated',
      'user.activate',
      'user.activated',
    ]);
  });

  it('whom somebody else deactivated is not activated here: neither asked for nor by a run under way', async () => {
    const id = await createdUser(directory, 'elsewhere');
    await world.zitadel.users.deactivate(id);
    const run = await changed(directory, 'POST', `/api/zitadel/users/${id}/deactivate`);
    expect(run.steps[1]?.detail).toBe('was inactive already, by others');
    expect(await user(id)).toMatchObject({ state: 'inactive_elsewhere' });
    const refused = await call(directory, 'root', 'POST', `/api/zitadel/users/${id}/activate`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'inactive_elsewhere' } });
    expect((await world.zitadel.users.get(id)).state).toBe('USER_STATE_INACTIVE');
  });

  it('S55 who is the last administrator is neither deactivated, demoted nor deleted', async () => {
    const only = await createdUser(directory, 'only', { organization: 'south', role: 'admin' });
    for (const [method, path, body] of [
      ['POST', `/api/zitadel/users/${only}/deactivate`, {}],
      ['PATCH', `/api/users/${only}`, { role: 'user' }],
      ['DELETE', `/api/users/${only}`, { reason: 'gone' }],
    ] as const) {
      const refused = await call(directory, 'root', method, path, body);
      expect(refused, path).toMatchObject({ status: 409, body: { code: 'last_administrator' } });
    }
    await createdUser(directory, 'second', { organization: 'south', role: 'admin' });
    expect(await changed(directory, 'PATCH', `/api/users/${only}`, { role: 'user' })).toMatchObject({
      state: 'done',
    });
  });

  it('S55 is kept although two administrators are asked to go at once, by whatever way', async () => {
    const pair = [
      await createdUser(directory, 'one', { organization: 'pair', role: 'admin' }),
      await createdUser(directory, 'two', { organization: 'pair', role: 'admin' }),
    ];
    const ways = [
      (id: string) => call(directory, 'root', 'POST', `/api/zitadel/users/${id}/deactivate`, {}),
      (id: string) => call(directory, 'root', 'DELETE', `/api/users/${id}`, { reason: 'left' }),
    ];
    const answers = await Promise.all(pair.map(async (id, at) => await ways[at]?.(id)));
    expect(answers.map((answer) => answer?.status).sort()).toEqual([202, 409]);
    // Also one after the other, while the first is only asked for.
    await Promise.all(pair.map(async (id, at) => await ways[1 - at]?.(id)));
    const rows = await directory.database.db
      .selectFrom('provisioning_runs')
      .select('user_id')
      .where('user_id', 'in', pair)
      .where('saga', 'in', ['deactivate-user', 'delete-user'])
      .execute();
    expect(new Set(rows.map(({ user_id }) => user_id)).size).toBe(1);
  });

  it('gets other names and another role, here and in Zitadel', async () => {
    const id = await createdUser(directory, 'grace');
    await changed(directory, 'PATCH', `/api/users/${id}`, { familyName: 'Hopper', role: 'user' });
    expect((await world.zitadel.users.get(id)).human?.profile).toMatchObject({
      givenName: 'Ada',
      familyName: 'Hopper',
    });
    const [authorization] = await world.zitadel.authorizations.list({ userId: id }).all();
    expect(authorization?.roles?.map(({ key }) => key)).toEqual(['user']);
    expect(await user(id)).toMatchObject({
      familyName: 'Hopper',
      permissions: ['self.read'],
      memberships: [{ role: 'user' }],
    });
  });

  it('refuses a change on top of one that the caller has not seen', async () => {
    const id = await createdUser(directory, 'stale');
    const { version } = (await user(id)) as { version: number };
    const change = { familyName: 'New' };
    const match = { 'if-match': `"v${version}"` };
    const first = await call(directory, 'root', 'PATCH', `/api/users/${id}`, change, {
      ...match,
      prefer: 'wait=10',
    });
    expect(first.status).toBe(202);
    const second = await call(directory, 'root', 'PATCH', `/api/users/${id}`, change, match);
    expect(second).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  });

  it('enters another tenant by authorization, stays at home, and leaves it again', async () => {
    const id = await createdUser(directory, 'visitor');
    const members = `/api/zitadel/projects/${world.projectId}/members`;
    await changed(directory, 'POST', members, { organization: 'south', userId: id, role: 'manager' });
    const authorizations = await world.zitadel.authorizations.list({ userId: id }).all();
    expect(authorizations.map(({ organization }) => organization?.id).sort()).toEqual([
      'org-north',
      'org-south',
    ]);
    expect(await user(id)).toMatchObject({ memberships: [{ home: true }, { home: false, role: 'manager' }] });
    const home = await call(directory, 'root', 'DELETE', `${members}/${id}?organization=north`);
    expect(home).toMatchObject({ status: 409 });
    await changed(directory, 'DELETE', `${members}/${id}?organization=south`);
    const left = await world.zitadel.authorizations.list({ userId: id }).all();
    expect(left.map(({ organization }) => organization?.id)).toEqual(['org-north']);
    const foreign = await call(directory, 'root', 'POST', '/api/zitadel/projects/other/members', {
      organization: 'south',
      userId: id,
    });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'project_unknown' } });
  });

  it('is deleted in Zitadel and here, and the address is free again', async () => {
    const id = await createdUser(directory, 'gone');
    await changed(directory, 'DELETE', `/api/users/${id}`, { reason: 'left for good' });
    expect(await world.zitadel.users.find(id)).toBeUndefined();
    expect(await user(id)).toMatchObject({ code: 'not_found' });
    expect(eventsOf(world, 'user.removed').map(({ aggregateId }) => aggregateId)).toContain(id);
    const again = await createdUser(directory, 'gone');
    expect(again).not.toBe(id);
  });

  it('is not deleted in Zitadel where it is not marked as ours', async () => {
    const id = await createdUser(directory, 'foreign');
    await world.zitadel.users.removeMetadata(id, ['drawbridge.owner']);
    const run = await changed(directory, 'DELETE', `/api/users/${id}`, { reason: 'left' });
    expect(run).toMatchObject({ state: 'attention', code: 'user_foreign' });
    expect((await world.zitadel.users.get(id)).state).toBe('USER_STATE_ACTIVE');
  });

  it('is erased from runs and audit, whose chain stays whole', async () => {
    const id = await createdUser(directory, 'erika');
    const { verifyAudit, sealAudit } = await import('@drawbridge/directory');
    await sealAudit(directory.database);
    const { body: held } = await call(directory, 'root', 'GET', `/api/users/${id}/export`);
    expect(held).toMatchObject({
      user: { email: 'erika@north.example' },
      memberships: [{ role_key: 'manager' }],
      runs: [{ saga: 'create-user' }],
      audit: [{ action: 'user.create' }],
    });
    const wrong = await call(directory, 'root', 'POST', `/api/users/${id}/erasure`, {
      email: 'someone@else.example',
      reason: 'asked',
    });
    expect(wrong.status).toBe(400);
    await changed(directory, 'POST', `/api/users/${id}/erasure`, {
      email: 'erika@north.example',
      reason: 'asked to be forgotten',
    });
    await sealAudit(directory.database);
    const organization = await directory.database.db
      .selectFrom('organizations')
      .select('id')
      .where('slug', '=', 'north')
      .executeTakeFirstOrThrow();
    expect(await verifyAudit(directory.database, organization.id)).not.toHaveProperty('brokenAt');
    for (const table of [
      'audit',
      'provisioning_runs',
      'provisioning_steps',
      'users',
      'status_changes',
    ] as const) {
      const rows = await directory.database.db.selectFrom(table).selectAll().execute();
      expect(JSON.stringify(rows), table).not.toContain('erika');
    }
  });

  it('is mailed again only when somebody asks', async () => {
    const id = await createdUser(directory, 'invited');
    const mails = () => world.emulator.mails.filter(({ to }) => to === 'invited@north.example').length;
    expect(mails()).toBe(1);
    await changed(directory, 'POST', `/api/users/${id}/invitation`);
    expect(mails()).toBe(2);
  });

  it('has two requests at once carried out one after the other', async () => {
    const id = await createdUser(directory, 'twice');
    const both = await Promise.all([
      changed(directory, 'POST', `/api/zitadel/users/${id}/deactivate`),
      changed(directory, 'PATCH', `/api/users/${id}`, { familyName: 'Twice' }),
    ]);
    expect(both.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await user(id)).toMatchObject({ familyName: 'Twice', state: 'inactive' });
  });
});
