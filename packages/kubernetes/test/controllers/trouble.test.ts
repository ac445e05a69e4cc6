import { createTokenSource, parseServiceAccount } from '@drawbridge/zitadel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keySecretAnnotation, secrets } from '../../src/index.ts';
import { startStandIn } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { gone, openWorld, settled } from './support/world.ts';

const reason = { reason: 'left', deactivatedBy: 'ops' };

async function open() {
  const server = await startStandIn();
  onTestFinished(() => server.stop());
  return { standIn: server.standIn, world: await openWorld(server) };
}

describe('controllers in trouble', () => {
  it('change nothing any more once their lease could not be renewed', async () => {
    const { standIn, world } = await open();
    await world.person('u1');
    const { controllers, ended } = world.control({
      lease: {
        cluster: world.cluster,
        namespace: 'default',
        name: 'controller',
        leaseMs: 1_500,
        renewMs: 600,
        retryMs: 100,
      },
    });
    await settled(world.users, 'u1', 'Active');
    standIn.faults.add({ plural: 'leases', status: 500 });
    expect(await ended).toMatchObject({ code: 'leadership_lost' });
    expect(controllers.elector.leading).toBe(false);
    standIn.faults.clear();
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    const end = Date.now() + 300;
    await until(() => Date.now() > end);
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_ACTIVE');
    // Whoever starts next goes on, once the lease is over.
    world.control();
    await settled(world.deactivations, 'd1', 'Deactivated');
  });

  it('keep apart: two at once, of which one works, and the other once that one stops', async () => {
    const { world } = await open();
    const two = [world.control(), world.control()] as const;
    await until(() => two.some(({ controllers }) => controllers.elector.leading));
    await world.person('u1');
    await settled(world.users, 'u1', 'Active');
    const [first, second] = two[0].controllers.elector.leading ? two : [two[1], two[0]];
    expect(second.controllers.elector.leading).toBe(false);
    await first.stop();
    await until(() => second.controllers.elector.leading);
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    await settled(world.deactivations, 'd1', 'Deactivated');
  });

  it('finish what Zitadel refused for a while, in whatever order objects went', async () => {
    const { world } = await open();
    await world.person('u1');
    world.control();
    await world.deactivations.create({
      metadata: { name: 'd1' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    await settled(world.deactivations, 'd1', 'Deactivated');
    world.emulator.controls.fail({
      match: '*/ReactivateUser',
      code: 'unavailable',
      message: 'away',
      times: 2,
    });
    world.emulator.controls.fail({
      match: '*/DeleteUserMetadata',
      code: 'unavailable',
      message: 'away',
      times: 2,
    });
    await world.deactivations.delete('d1');
    await gone(world.deactivations, 'd1');
    expect((await world.zitadel.users.get('u1')).state).toBe('USER_STATE_ACTIVE');
    expect((await world.zitadel.users.metadata('u1')).has('drawbridge.deactivated-by')).toBe(false);
    await settled(world.users, 'u1', 'Active');
    await world.deactivations.create({
      metadata: { name: 'd2' },
      spec: { userRef: { name: 'u1' }, ...reason },
    });
    await settled(world.deactivations, 'd2', 'Deactivated');
    // The user goes first: nothing is left to activate, and the object is let go.
    await world.users.delete('u1');
    await gone(world.users, 'u1');
    await world.deactivations.delete('d2');
    await gone(world.deactivations, 'd2');
  });

  it('write answers that were lost once more, and see that it was done', async () => {
    const { standIn, world } = await open();
    await world.person('u1');
    standIn.faults.add({ method: 'PATCH', plural: 'users', loseAnswer: true, times: 2 });
    world.control();
    const object = await settled(world.users, 'u1', 'Active');
    expect(object.metadata.finalizers).toEqual(['iam.miloapis.com/user']);
    standIn.faults.add({ method: 'PATCH', plural: 'users', loseAnswer: true, times: 1 });
    await world.users.delete('u1');
    await gone(world.users, 'u1');
    expect(await world.zitadel.users.find('u1')).toBeUndefined();
  });

  it.each([
    { status: 500, times: 1 },
    { loseAnswer: true, times: 1 },
    { status: 500, times: 2 },
    { loseAnswer: true, times: 2 },
    { loseAnswer: true, times: 3 },
  ])('F12 leave one key that works, wherever a rotation broke off (%j)', async (fault) => {
    const { standIn, world } = await open();
    standIn.faults.add({ method: 'PUT', plural: 'secrets', ...fault });
    standIn.faults.add({ method: 'POST', plural: 'secrets', loseAnswer: true, times: 1 });
    world.control({ resyncMs: 100 });
    const { metadata } = await world.serviceAccounts.create({
      metadata: { name: 'robot', annotations: { [keySecretAnnotation]: 'default/robot-key' } },
    });
    await settled(world.serviceAccounts, 'robot', 'Active');
    const keys = async () => await world.zitadel.users.listKeys({ userId: metadata.uid }).all();
    await until(async () => (await keys()).length === 1);
    const { data = {} } = await world.cluster.objects(secrets, 'default').get('robot-key');
    const account = parseServiceAccount(Buffer.from(data['key.json'] ?? '', 'base64').toString());
    expect((await keys())[0]?.id).toBe(account.keyId);
    const source = createTokenSource({
      issuer: world.emulator.issuer,
      fetch: world.zitadel.fetch,
      credentials: account,
    });
    expect((await source.get()).expose()).not.toBe('');
    source.close();
  });
});
