import { newId } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let started: Started;
beforeAll(async () => {
  started = await start();
});
afterAll(() => started.stop());

describe('organizations, projects and authorizations', () => {
  it('go from mapping to unmapping', async () => {
    const { organizations, projects, authorizations, users } = started.zitadel;
    const acme = await organizations.create({ name: 'Acme', organizationId: newId() });
    expect(await organizations.get(acme.id)).toMatchObject({
      name: 'Acme',
      state: 'ORGANIZATION_STATE_ACTIVE',
    });
    await expect(organizations.create({ name: 'acme' })).rejects.toMatchObject({
      code: 'zitadel_already_exists',
    });
    expect(await organizations.update(acme.id, { name: 'Acme' })).toEqual({ changed: false });
    await organizations.setMetadata(acme.id, { tier: 'gold' });
    expect((await organizations.metadata(acme.id)).get('tier')).toBe('gold');

    const project = await projects.create({ organizationId: started.organizationId, name: 'app' });
    const role = { roleKey: 'user', displayName: 'User' };
    expect(await projects.addRole(project.id, role)).toEqual({ changed: true });
    expect(await projects.addRole(project.id, role)).toEqual({ changed: false });
    await projects.addRole(project.id, { roleKey: 'admin', displayName: 'Admin' });
    expect((await projects.listRoles(project.id).all()).map(({ key }) => key).sort()).toEqual([
      'admin',
      'user',
    ]);

    const ada = await users.create({ organizationId: acme.id, userId: newId(), machine: { name: 'ada' } });
    const wanted = { userId: ada.id, projectId: project.id, organizationId: acme.id, roleKeys: ['user'] };
    await expect(authorizations.ensure(wanted)).rejects.toMatchObject({ code: 'zitadel_precondition' });
    const grant = { projectId: project.id, grantedOrganizationId: acme.id, roleKeys: ['user', 'admin'] };
    expect(await projects.ensureGrant(grant)).toEqual({ created: true });
    expect(await projects.ensureGrant(grant)).toEqual({ created: false });
    const first = await authorizations.ensure(wanted);
    expect(first.changed).toBe(true);
    expect(await authorizations.ensure(wanted)).toEqual({ id: first.id, changed: false });
    expect(await authorizations.ensure({ ...wanted, roleKeys: ['admin'] })).toEqual({
      id: first.id,
      changed: true,
    });
    await authorizations.deactivate(first.id);
    await authorizations.deactivate(first.id);
    expect(await authorizations.ensure({ ...wanted, roleKeys: ['admin'] })).toEqual({
      id: first.id,
      changed: true,
    });

    expect(await authorizations.remove(first.id)).toEqual({ changed: true });
    expect(await authorizations.remove(first.id)).toEqual({ changed: false });
    expect(await projects.removeGrant(grant)).toEqual({ changed: true });
    expect(await projects.removeGrant(grant)).toEqual({ changed: false });
    expect(await organizations.deactivate(acme.id)).toEqual({ changed: true });
    expect(await organizations.deactivate(acme.id)).toEqual({ changed: false });
    expect(await organizations.activate(acme.id)).toEqual({ changed: true });
    expect(await organizations.remove(acme.id)).toEqual({ changed: true });
    expect(await organizations.remove(acme.id)).toEqual({ changed: false });
    expect(await projects.remove(project.id)).toEqual({ changed: true });
    expect(await projects.find(project.id)).toBeUndefined();
  });

  it('the instance is new enough and names its domains', async () => {
    const { zitadel } = started;
    const { version } = await zitadel.probe();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect((await zitadel.instance.customDomains().all()).map(({ domain }) => domain)).toContain('localhost');
    expect(await zitadel.instance.trustedDomains().all()).toEqual([]);
  });
});
