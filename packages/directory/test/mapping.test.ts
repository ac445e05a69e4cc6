import type { Directory } from '@drawbridge/directory';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { changed, createdUser } from './support/lifecycle.ts';
import { ada, call, openDirectoryOn, openWorld, settled, type World } from './support/world.ts';

describe.each(databases)('mapping on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });
  afterEach(() => world.emulator.controls.reset());

  const mapped = async (slug: string) => {
    const { body } = await call(directory, 'root', 'GET', '/api/zitadel/org-mapping');
    return (body.items as { organization: { slug: string } }[]).find(
      ({ organization }) => organization.slug === slug,
    );
  };
  const grants = async () => {
    const found = await world.zitadel.projects.listGrants({ projectId: world.projectId }).all();
    return found.map(({ grantedOrganizationId }) => grantedOrganizationId).sort();
  };
  const map = async (organization: string, zitadelOrgId: string | null) =>
    await changed(directory, 'POST', '/api/zitadel/org-mapping', {
      organization,
      zitadelOrgId,
      reason: 'as agreed',
    });

  it('pages through what Zitadel has, and tells what is taken', async () => {
    const names: string[] = [];
    let after: string | null = '0';
    while (after !== null) {
      const { body } = await call(
        directory,
        'root',
        'GET',
        `/api/zitadel/organizations?limit=2&after=${after}`,
      );
      names.push(...(body.items as { id: string }[]).map(({ id }) => id));
      after = body.next as string | null;
    }
    expect(names).toEqual(expect.arrayContaining(['org-north', 'org-south']));
    expect(new Set(names).size).toBe(names.length);
    const { body } = await call(directory, 'root', 'GET', '/api/zitadel/organizations?q=nor');
    expect(body.items).toMatchObject([
      { id: 'org-north', name: 'north', state: 'active', mappedTo: { slug: 'north' } },
    ]);
  });

  it('closes a tenant that is not mapped', async () => {
    const refused = await call(directory, 'root', 'POST', '/api/users', {
      ...ada,
      organization: 'unmapped',
      email: 'nobody@unmapped.example',
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'organization_not_mapped' } });
    expect(await mapped('unmapped')).toMatchObject({ state: 'unmapped', zitadelOrgId: null });
  });

  it('proves the other side, makes the project grant, and only then opens the tenant', async () => {
    await world.zitadel.organizations.create({ organizationId: 'org-late', name: 'late' });
    const run = await map('unmapped', 'org-late');
    expect(run.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'token done',
      'organization done',
      'application_grant done',
      'netbird_grant done',
      'mapping done',
      'release done',
    ]);
    expect(await grants()).toContain('org-late');
    expect(await mapped('unmapped')).toMatchObject({
      state: 'mapped',
      zitadelOrgId: 'org-late',
      mappedBy: 'root',
      projectGrant: true,
    });
    await createdUser(directory, 'someone', { organization: 'unmapped' });
  });

  it('is unique: neither asked for twice nor taken meanwhile', async () => {
    const refused = await call(directory, 'root', 'POST', '/api/zitadel/org-mapping', {
      organization: 'south',
      zitadelOrgId: 'org-north',
      reason: 'by mistake',
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'organization_mapped_elsewhere' } });
    const withoutReason = await call(directory, 'root', 'POST', '/api/zitadel/org-mapping', {
      organization: 'south',
      zitadelOrgId: null,
    });
    expect(withoutReason.status).toBe(400);
  });

  it('asks a person where Zitadel has no such organization', async () => {
    const answer = await call(directory, 'root', 'POST', '/api/zitadel/org-mapping', {
      organization: 'south',
      zitadelOrgId: 'org-nowhere',
      reason: 'typo',
    });
    const run = await settled(directory, (answer.body.run as { id: string }).id);
    expect(run).toMatchObject({ state: 'attention', code: 'organization_not_active' });
    expect(await mapped('south')).toMatchObject({ zitadelOrgId: 'org-south' });
    const abandoned = await call(directory, 'root', 'POST', `/api/runs/${run.id}/abandon`, {
      reason: 'typo',
    });
    expect(abandoned.status).toBe(202);
  });

  it('moves a tenant: the new grant first, the old one last', async () => {
    await world.zitadel.organizations.create({ organizationId: 'org-holding', name: 'holding' });
    await createdUser(directory, 'stays', { organization: 'south' });
    await map('south', 'org-holding');
    expect(await grants()).toContain('org-holding');
    expect(await grants()).not.toContain('org-south');
    const left = await world.zitadel.authorizations.list({ organizationId: 'org-south' }).all();
    expect(left).toEqual([]);
  });

  it('unmapped, a tenant is closed before its grant goes, with the reason in the audit', async () => {
    await map('south', null);
    expect(await mapped('south')).toMatchObject({ state: 'unmapped', projectGrant: false });
    expect(await grants()).not.toContain('org-holding');
    const { body } = await call(
      directory,
      'root',
      'GET',
      '/api/audit?organization=south&action=organization.',
    );
    expect(body.items).toMatchObject([
      { action: 'organization.unmap', reason: 'as agreed', from: { zitadelOrgId: 'org-holding' } },
      { action: 'organization.remap' },
      { action: 'organization.map', to: { zitadelOrgId: 'org-holding' } },
      {},
      {},
      {},
    ]);
  });
});
