import { newId } from '@drawbridge/kit';
import { ownerMetadata, readOwner } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let started: Started;
beforeAll(async () => {
  started = await start();
});
afterAll(() => started.stop());

function person(id = newId()) {
  return {
    organizationId: started.organizationId,
    userId: id,
    username: `${id}@acme.example`,
    human: {
      profile: { givenName: 'Ada', familyName: 'Lovelace' },
      email: { email: `${id}@acme.example`, isVerified: true },
    },
    metadata: ownerMetadata({ owner: 'e2e', tenant: 'acme', ref: id }),
  };
}

describe('users', () => {
  it('are created once, however often it is asked, with their owner', async () => {
    const { users } = started.zitadel;
    const user = person();
    expect(await users.create(user)).toMatchObject({ id: user.userId, created: true });
    expect(await users.create(user)).toEqual({ id: user.userId, created: false });
    expect(await users.get(user.userId)).toMatchObject({
      username: user.username,
      state: 'USER_STATE_ACTIVE',
      organizationId: started.organizationId,
    });
    expect(readOwner(await users.metadata(user.userId))).toEqual({
      owner: 'e2e',
      tenant: 'acme',
      ref: user.userId,
    });
    await expect(users.create({ ...user, metadata: {} })).rejects.toMatchObject({
      code: 'zitadel_already_exists',
    });
    await expect(users.create({ ...user, userId: newId() })).rejects.toMatchObject({
      code: 'zitadel_already_exists',
    });
  });

  it('take a new name alone: Zitadel calls a change that names no kind of user unimplemented', async () => {
    const { users } = started.zitadel;
    const user = person();
    await users.create(user);
    await users.update(user.userId, { username: `new-${user.username}` });
    expect((await users.get(user.userId)).username).toBe(`new-${user.username}`);
    const { human: _, ...robot } = person();
    await users.create({ ...robot, machine: { name: 'Robot' } });
    await users.update(robot.userId, { username: `new-${robot.username}` });
    expect((await users.get(robot.userId)).username).toBe(`new-${robot.username}`);
  });

  it('are created once when the first answer is lost', async () => {
    const { emulator, zitadel } = started;
    const user = person();
    emulator.controls.fail({
      match: 'zitadel.user.v2.UserService/CreateUser',
      times: 2,
      status: 503,
      code: 'unavailable',
    });
    expect(await zitadel.users.create(user)).toMatchObject({ id: user.userId, created: true });
  });

  it('go through their states, and asking again is success', async () => {
    const { users } = started.zitadel;
    const { userId } = person();
    await users.create(person(userId));
    for (const verb of ['deactivate', 'reactivate', 'lock', 'unlock'] as const) {
      expect(await users[verb](userId)).toEqual({ changed: true });
      expect(await users[verb](userId)).toEqual({ changed: false });
    }
    await users.deactivate(userId);
    await expect(users.lock(userId)).rejects.toMatchObject({ code: 'zitadel_precondition' });
  });

  it('S53 absence is proved against the real canary, and lost roles are not absence', async () => {
    const { users, administrators } = started.zitadel;
    expect(await users.find('nobody')).toBeUndefined();
    expect(await users.remove('nobody')).toEqual({ changed: false });

    const robot = await users.create({
      organizationId: started.organizationId,
      userId: newId(),
      machine: { name: 'robot' },
    });
    const token = await users.addPersonalAccessToken(robot.id, new Date(Date.now() + 3_600_000));
    const powerless = started.client({ credentials: { type: 'personal-access-token', token: token.token } });
    await expect(powerless.users.find('nobody')).rejects.toMatchObject({
      code: expect.stringMatching(/^(absence_unproved|membership_missing|zitadel_forbidden)$/),
    });
    await expect(powerless.canary()).rejects.toMatchObject({ code: 'absence_unproved' });
    await administrators.create({
      userId: robot.id,
      resource: { organizationId: started.organizationId },
      roles: ['ORG_OWNER'],
    });
    await powerless.canary();
    expect(await powerless.users.find('nobody')).toBeUndefined();
  });

  it('are listed whole in pages while some are removed', async () => {
    const { users } = started.zitadel;
    const ids = Array.from({ length: 60 }, () => newId());
    for (const id of ids) await users.create(person(id));
    const mine = { inUserIdsQuery: { userIds: ids } };
    const seen = new Set<string>();
    let pages = 0;
    for await (const page of users.list({ queries: [mine] }, { pageSize: 15 }).pages()) {
      for (const user of page.items) seen.add(user.userId);
      if (pages++ === 0) for (const id of ids.slice(0, 7)) await users.remove(id);
    }
    for (const id of ids.slice(7)) expect(seen).toContain(id);
  });

  it('are found by id although lists lag', async () => {
    const { emulator, zitadel } = started;
    emulator.controls.lagMs = 60_000;
    try {
      const user = person();
      await zitadel.users.create(user);
      const queries = [{ inUserIdsQuery: { userIds: [user.userId] } }];
      expect(await zitadel.users.list({ queries }).all()).toEqual([]);
      expect(await zitadel.users.find(user.userId)).toBeDefined();
    } finally {
      emulator.controls.lagMs = 0;
    }
  });

  it('metadata is set, read and removed', async () => {
    const { users } = started.zitadel;
    const { userId } = person();
    await users.create(person(userId));
    await users.update(userId, {
      human: { profile: { displayName: 'A. L.' } },
      metadata: { note: 'ü', gone: 'x' },
    });
    await users.removeMetadata(userId, ['gone']);
    const metadata = await users.metadata(userId);
    expect(metadata.get('note')).toBe('ü');
    expect(metadata.has('gone')).toBe(false);
    expect((await users.get(userId)).human?.profile?.displayName).toBe('A. L.');
  });
});
