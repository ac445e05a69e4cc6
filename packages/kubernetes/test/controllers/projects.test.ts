import { ownerMetadata } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { controlPlanePath, serviceAccounts } from '../../src/index.ts';
import { servers, startStandIn, type TestServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { gone, openWorld, settled, type World } from './support/world.ts';

const ready = {
  type: 'Ready',
  status: 'True',
  reason: 'Provisioned',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const markReady = (world: World, name: string) =>
  world.projects.patch(name, { status: { conditions: [ready] } }, { subresource: 'status' });

describe.each(servers)('projects on $title', ({ given, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    if (given) server = await start();
  });
  afterAll(async () => {
    if (given) await server.stop();
  });
  const test = it.skipIf(!given);

  test('makes the organization of a project and removes it with the project', async () => {
    const world = await openWorld(server);
    world.control({ mode: 'milo' });
    await world.projects.create({ metadata: { name: 'shop' } });
    const object = await settled(world.projects, 'shop', 'OrganizationReady');
    expect(object.metadata.finalizers).toEqual(['auth-provider-zitadel.miloapis.com/project']);
    expect(await world.zitadel.organizations.get('project-shop')).toMatchObject({ name: 'Project - shop' });
    await world.projects.delete('shop');
    await gone(world.projects, 'shop');
    expect(await world.zitadel.organizations.find('project-shop')).toBeUndefined();
  });

  test('leaves the conditions of Milo alone', async () => {
    const world = await openWorld(server);
    world.control({ mode: 'milo' });
    await world.projects.create({ metadata: { name: 'shop' } });
    await settled(world.projects, 'shop', 'OrganizationReady');
    await markReady(world, 'shop');
    await world.projects.patch('shop', { metadata: { labels: { a: 'b' } } });
    // Milo wrote the whole list; ours comes back beside what it wrote.
    await settled(world.projects, 'shop', 'OrganizationReady');
    const { status } = await world.projects.get('shop');
    expect(status?.conditions?.map(({ type }) => type).sort()).toEqual(['Ready', 'ZitadelReady']);
  });

  test('F16 takes "exists already" for proof by the id, while the list does not show the organization', async () => {
    const world = await openWorld(server);
    await world.zitadel.organizations.create({ organizationId: 'project-shop', name: 'Project - shop' });
    world.emulator.controls.set({ lagMs: 3_600_000 });
    await world.zitadel.organizations.create({ organizationId: 'project-late', name: 'Project - late' });
    world.control({ mode: 'milo' });
    for (const name of ['shop', 'late']) await world.projects.create({ metadata: { name } });
    await settled(world.projects, 'late', 'OrganizationReady');
    await settled(world.projects, 'shop', 'OrganizationReady');
    world.emulator.controls.set({ lagMs: 0 });
  });

  test('lets a project go whose organization Zitadel never deletes', async () => {
    const world = await openWorld(server);
    world.control({ mode: 'milo' });
    await world.projects.create({ metadata: { name: 'shop' } });
    await settled(world.projects, 'shop', 'OrganizationReady');
    world.emulator.controls.fail({
      match: '*/DeleteOrganization',
      code: 'failed_precondition',
      message: 'Default organization must not be deleted (COMMA-wG9p1)',
    });
    await world.projects.delete('shop');
    await gone(world.projects, 'shop');
    expect(await world.zitadel.organizations.find('project-shop')).toBeDefined();
  });

  test("never takes over another's organization, and never removes it", async () => {
    const world = await openWorld(server);
    await world.zitadel.organizations.create({ organizationId: 'project-shop', name: 'Project - shop' });
    await world.zitadel.organizations.setMetadata(
      'project-shop',
      ownerMetadata({ owner: 'controller', tenant: 'shop', ref: 'of-a-former-project' }),
    );
    world.control({ mode: 'milo' });
    await world.projects.create({ metadata: { name: 'shop' } });
    await settled(world.projects, 'shop', 'OrganizationOfAnother');
    await world.projects.delete('shop');
    await gone(world.projects, 'shop');
    expect(await world.zitadel.organizations.find('project-shop')).toBeDefined();
  });
});

describe('control planes of projects', () => {
  it('are taken in once ready and let go of once nothing in them waits', async () => {
    const server = await startStandIn();
    onTestFinished(() => server.stop());
    const world = await openWorld(server);
    const { controllers } = world.control({ mode: 'milo' });
    await world.projects.create({ metadata: { name: 'shop' } });
    await settled(world.projects, 'shop', 'OrganizationReady');
    expect(controllers.projects).toEqual([]);
    const plane = world.cluster.at(controlPlanePath('shop'));
    const accounts = plane.objects(serviceAccounts);
    const { metadata } = await accounts.create({ metadata: { name: 'robot' } });
    await markReady(world, 'shop');
    await settled(accounts, 'robot', 'Active');
    expect(controllers.projects).toEqual(['shop']);
    expect(await world.zitadel.users.get(metadata.uid)).toMatchObject({
      organizationId: 'project-shop',
      username: 'robot@shop.identity.example.com',
    });
    // Not ready for a while is no reason to leave.
    await world.projects.patch('shop', { status: { conditions: [] } }, { subresource: 'status' });
    await world.projects.delete('shop');
    await gone(world.projects, 'shop');
    expect(controllers.projects).toEqual(['shop']);
    await accounts.delete('robot');
    await gone(accounts, 'robot');
    await until(() => controllers.projects.length === 0);
    await plane.close();
  });

  it('are served by a new leader while the project is being deleted', async () => {
    const server = await startStandIn();
    onTestFinished(() => server.stop());
    const world = await openWorld(server);
    const first = world.control({ mode: 'milo' });
    await world.projects.create({ metadata: { name: 'shop', finalizers: ['milo/cleanup'] } });
    await markReady(world, 'shop');
    const plane = world.cluster.at(controlPlanePath('shop'));
    const accounts = plane.objects(serviceAccounts);
    await accounts.create({ metadata: { name: 'robot' } });
    await settled(accounts, 'robot', 'Active');
    await first.stop();
    await world.projects.delete('shop');
    await world.projects.patch('shop', { status: { conditions: [] } }, { subresource: 'status' });
    await accounts.delete('robot');
    world.control({ mode: 'milo' });
    await gone(accounts, 'robot');
    await plane.close();
  });
});
