import { deactivatedByKey } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servers, type TestServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { gone, openWorld, readiness, settled } from './support/world.ts';

const reason = { reason: 'left', deactivatedBy: 'ops' };

describe.each(servers)('users on $title', ({ given, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    if (given) server = await start();
  });
  afterAll(async () => {
    if (given) await server.stop();
  });
  const test = it.skipIf(!given);

  test('takes a user in: finalizer, state, condition, and names that differ set right', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    await world.zitadel.users.update('u1', { human: { profile: { givenName: 'Anna' } } });
    world.control();
    const object = await settled(world.users, 'u1', 'Active');
    expect(object.metadata.finalizers).toEqual(['iam.miloapis.com/user']);
    expect(object.status?.state).toBe('Active');
    const { human } = await world.zitadel.users.get('u1');
    expect(human?.profile?.givenName).toBe('Ann');
    await world.users.patch('u1', { spec: { email: 'new@example.com' } });
    await until(async () => (await world.zitadel.users.get('u1')).human?.email?.email === 'new@example.com');
  });

  test('asks Zitadel once about somebody who is taken in: what it writes itself is no reason to look again', async () => {
    const world = await openWorld(server);
    const asked: string[] = [];
    const counted = {
      ...world.zitadel.users,
      find: async (...[id, call]: Parameters<typeof world.zitadel.users.find>) => {
        asked.push(id);
        return await world.zitadel.users.find(id, call);
      },
    };
    // One at a time and in order: a second look at the first would come before the first look at the second.
    world.control({ zitadel: { ...world.zitadel, users: counted }, workers: 1 });
    await world.person('u1');
    await settled(world.users, 'u1', 'Active');
    await world.person('u2');
    await settled(world.users, 'u2', 'Active');
    expect(asked).toEqual(['u1', 'u2']);
    await world.users.patch('u1', { spec: { familyName: 'Birch' } });
    await until(async () => (await world.zitadel.users.get('u1')).human?.profile?.familyName === 'Birch');
  });

  test('has the displayed name follow the names, unless somebody chose one', async () => {
    const world = await openWorld(server);
    const shown = async (id: string) => (await world.zitadel.users.get(id)).human?.profile?.displayName;
    await world.person('u1');
    await world.person('u2');
    await world.zitadel.users.update('u2', { human: { profile: { displayName: 'The Boss' } } });
    world.control();
    await settled(world.users, 'u2', 'Active');
    const before = await shown('u1');
    for (const id of ['u1', 'u2']) await world.users.patch(id, { spec: { givenName: 'Beatrix' } });
    await until(async () => (await shown('u1')) !== before);
    expect(await shown('u1')).toMatch(/^Beatrix /);
    await until(async () => (await world.zitadel.users.get('u2')).human?.profile?.givenName === 'Beatrix');
    expect(await shown('u2')).toBe('The Boss');
  });

  test('leaves alone what others write into the status', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    // As the actions server does, under the manager that is everybody's default.
    await world.users.applyStatus('u1', {
      avatarUrl: 'https://example.com/a.png',
      lastLoginProvider: 'github',
    });
    world.control();
    const object = await settled(world.users, 'u1', 'Active');
    expect(object.status).toMatchObject({
      avatarUrl: 'https://example.com/a.png',
      lastLoginProvider: 'github',
    });
    const again = await world.users.applyStatus('u1', { avatarUrl: 'https://example.com/b.png' });
    expect(again.status).toMatchObject({ avatarUrl: 'https://example.com/b.png', state: 'Active' });
    expect(readiness(again)?.reason).toBe('Active');
  });

  test('only reports what differs where it is told so', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    await world.zitadel.users.update('u1', { human: { profile: { givenName: 'Anna' } } });
    world.control({ profiles: 'report' });
    const object = await settled(world.users, 'u1', 'ProfileDiffers');
    expect(readiness(object)?.message).toContain('givenName');
    expect((await world.zitadel.users.get('u1')).human?.profile?.givenName).toBe('Anna');
  });

  test('deletes the user in Zitadel with the object', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    world.control();
    await settled(world.users, 'u1', 'Active');
    await world.users.delete('u1');
    await gone(world.users, 'u1');
    expect(await world.zitadel.users.find('u1')).toBeUndefined();
  });

  test('lets an object go whose user is gone already, and takes one in that was made again', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    world.control();
    const first = await settled(world.users, 'u1', 'Active');
    await world.zitadel.users.remove('u1');
    await world.users.delete('u1');
    await gone(world.users, 'u1');
    await world.person('u1');
    const second = await settled(world.users, 'u1', 'Active');
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
  });

  test('S53 keeps the object where Zitadel says not found, and does not see itself', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    world.control();
    await settled(world.users, 'u1', 'Active');
    // As after a restore of another day: nobody is found, not even the service account that asks.
    world.emulator.controls.fail({
      match: '*/GetUserByID',
      code: 'not_found',
      message: 'User not found (QUERY-Dfbg2)',
    });
    await world.users.delete('u1');
    await until(async () => (await world.metrics.text()).includes('outcome="failed"'));
    expect((await world.users.get('u1')).metadata.finalizers).toEqual(['iam.miloapis.com/user']);
    world.emulator.controls.clearFaults();
    await gone(world.users, 'u1');
  });

  test('S55 never deletes or deactivates machines, itself, or the last owner', async () => {
    const world = await openWorld(server);
    const { userId } = world.emulator.bootstrap.serviceAccountKey;
    world.control();
    await world.users.create({ metadata: { name: userId }, spec: { email: 'a@example.com' } });
    await settled(world.users, userId, 'NotAPerson');
    await world.users.delete(userId);
    await gone(world.users, userId);
    expect(await world.zitadel.users.find(userId)).toBeDefined();
    const [admin] = await world.zitadel.users
      .list({ queries: [{ typeQuery: { type: 'TYPE_HUMAN' } }] })
      .all();
    const id = admin?.userId ?? '';
    await world.users.create({ metadata: { name: id }, spec: { email: admin?.human?.email?.email ?? '' } });
    await settled(world.users, id, 'Active');
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: id }, ...reason },
    });
    await settled(world.deactivations, 'd1', 'LastOwner');
    await settled(world.users, id, 'LastOwner');
    expect((await world.zitadel.users.get(id)).state).toBe('USER_STATE_ACTIVE');
    await world.users.delete(id);
    await gone(world.users, id);
    expect(await world.zitadel.users.find(id)).toBeDefined();
  });

  test('deactivates while a UserDeactivation is there, and activates when the last one goes', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    world.control();
    await settled(world.users, 'u1', 'Active');
    await world.zitadel.sessions.create({ checks: { user: { userId: 'u1' } } });
    const make = (name: string) =>
      world.deactivations.create({ metadata: { name }, spec: { userRef: { name: 'u1' }, ...reason } });
    const first = await make('d1');
    await settled(world.deactivations, 'd1', 'Deactivated');
    expect((await settled(world.users, 'u1', 'Deactivated')).status?.state).toBe('Inactive');
    expect(await world.zitadel.sessions.list({ userId: 'u1' }).all()).toEqual([]);
    expect((await world.zitadel.users.metadata('u1')).get(deactivatedByKey)).toBe(
      `controller:${first.metadata.uid}`,
    );
    const second = await make('d2');
    await settled(world.deactivations, 'd2', 'Deactivated');
    await world.deactivations.delete('d1');
    await gone(world.deactivations, 'd1');
    expect((await world.zitadel.users.metadata('u1')).get(deactivatedByKey)).toBe(
      `controller:${second.metadata.uid}`,
    );
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_INACTIVE');
    await world.deactivations.delete('d2');
    await gone(world.deactivations, 'd2');
    expect((await settled(world.users, 'u1', 'Active')).status?.state).toBe('Active');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_ACTIVE');
    expect((await world.zitadel.users.metadata('u1')).has(deactivatedByKey)).toBe(false);
  });

  test('F11 takes an inactive user for deactivated, and leaves inactive what others deactivated', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    await world.zitadel.users.setMetadata('u1', { [deactivatedByKey]: 'directory:7' });
    await world.zitadel.users.deactivate('u1');
    world.control();
    expect(readiness(await settled(world.users, 'u1', 'InactiveElsewhere'))?.status).toBe('False');
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    expect(readiness(await settled(world.deactivations, 'd1', 'InactiveElsewhere'))?.status).toBe('True');
    await world.deactivations.delete('d1');
    await gone(world.deactivations, 'd1');
    await settled(world.users, 'u1', 'InactiveElsewhere');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_INACTIVE');
    expect((await world.zitadel.users.metadata('u1')).get(deactivatedByKey)).toBe('directory:7');
  });

  test('takes over what the Go provider deactivated, which left no mark', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    await world.zitadel.users.deactivate('u1');
    const spec = { userRef: { name: 'u1' }, ...reason };
    const { metadata } = await world.deactivations.create({
      metadata: { name: 'd1', finalizers: ['iam.miloapis.com/userdeactivation'] },
      spec,
    });
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const condition = {
      type: 'Ready',
      status: 'True',
      reason: 'Reconciled',
      message: '',
      lastTransitionTime,
    };
    await world.deactivations.patch('d1', { status: { conditions: [condition] } }, { subresource: 'status' });
    world.control();
    await settled(world.deactivations, 'd1', 'Deactivated');
    expect((await world.zitadel.users.metadata('u1')).get(deactivatedByKey)).toBe(
      `controller:${metadata.uid}`,
    );
    await world.deactivations.delete('d1');
    await gone(world.deactivations, 'd1');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_ACTIVE');
  });

  test('deactivates again what somebody activated meanwhile, without an event of Kubernetes', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    world.control({ resyncMs: 200 });
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    await settled(world.deactivations, 'd1', 'Deactivated');
    await world.zitadel.users.reactivate('u1');
    await until(async () => (await world.zitadel.users.get('u1')).state === 'USER_STATE_INACTIVE');
  });

  test('does not touch users that the cluster does not know, until it does', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    await world.users.delete('u1');
    world.control();
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    await settled(world.deactivations, 'd1', 'UserNotFound');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_ACTIVE');
    await world.users.create({ metadata: { name: 'u1' }, spec: { email: 'u1@example.com' } });
    await settled(world.deactivations, 'd1', 'Deactivated');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_INACTIVE');
  });

  test('keeps users out until their registration is approved, where that is asked for', async () => {
    const world = await openWorld(server);
    await world.person('u1');
    world.control({ registrationApproval: true });
    await settled(world.users, 'u1', 'AwaitingApproval');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_INACTIVE');
    const decide = (registrationApproval: string) =>
      world.users.patch('u1', { status: { registrationApproval } }, { subresource: 'status' });
    await decide('Approved');
    const object = await settled(world.users, 'u1', 'Active');
    expect(object.status?.registrationApproval).toBe('Approved');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_ACTIVE');
    await decide('Rejected');
    await settled(world.users, 'u1', 'RegistrationRejected');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_INACTIVE');
  });
});
