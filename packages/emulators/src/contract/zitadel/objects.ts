import assert from 'node:assert/strict';
import { human, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, eventually, unique } from './wire.ts';

/** What holds for organizations, projects, roles, grants and authorizations. */
export const objectCases: readonly ContractCase[] = [
  {
    name: 'organization ids and names in use are already_exists',
    quirk: 5,
    run: (target) =>
      asOwner(target, async (wire) => {
        const name = unique('Org');
        const { organizationId } = await wire.call('org', 'AddOrganization', { name });
        wire.undo('org', 'DeleteOrganization', { organizationId });
        await wire.refused('already_exists', 'V3-DKcYh', 'org', 'AddOrganization', {
          name: name.toUpperCase(),
        });
        await wire.refused('already_exists', 'ORG-laho2n', 'org', 'AddOrganization', {
          name: unique('Org'),
          organizationId,
        });
      }),
  },
  {
    name: 'deleting an unknown organization succeeds with the date zero',
    quirk: 16,
    run: (target) =>
      asOwner(target, async (wire) => {
        const answer = await wire.call('org', 'DeleteOrganization', { organizationId: unique('none') });
        assert.equal(answer.deletionDate, '0001-01-01T00:00:00Z');
      }),
  },
  {
    name: 'organizations refuse repeated states and unchanged names',
    quirk: 7,
    run: (target) =>
      asOwner(target, async (wire) => {
        const name = unique('Org');
        const { organizationId } = await wire.call('org', 'AddOrganization', { name });
        wire.undo('org', 'DeleteOrganization', { organizationId });
        const precondition = 'failed_precondition';
        await wire.refused(precondition, 'EVENT-bfnrh', 'org', 'ActivateOrganization', { organizationId });
        await wire.call('org', 'DeactivateOrganization', { organizationId });
        await wire.refused(precondition, 'EVENT-Dbs2g', 'org', 'DeactivateOrganization', { organizationId });
        await wire.call('org', 'ActivateOrganization', { organizationId });
        await wire.refused(precondition, 'ORG-4VSdf', 'org', 'UpdateOrganization', { organizationId, name });
        await wire.refused('not_found', 'ORG-1MRds', 'org', 'UpdateOrganization', {
          organizationId: unique('none'),
          name: 'x',
        });
      }),
  },
  {
    name: 'project ids and names: already_exists; missing deletes succeed; unchanged updates succeed',
    quirk: 8,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const name = unique('P');
        const { projectId } = await wire.call('project', 'CreateProject', { organizationId, name });
        const exists = 'already_exists';
        await wire.refused(exists, 'V3-DKcYh', 'project', 'CreateProject', { organizationId, name });
        await wire.refused(exists, 'COMMAND-opamwu', 'project', 'CreateProject', {
          organizationId,
          projectId,
          name: unique('P'),
        });
        await wire.call('project', 'UpdateProject', { projectId, name });
        await wire.refused('failed_precondition', 'COMMAND-5M9bs', 'project', 'ActivateProject', {
          projectId,
        });
        await wire.call('project', 'DeactivateProject', { projectId });
        await wire.refused('failed_precondition', 'COMMAND-mki55', 'project', 'DeactivateProject', {
          projectId,
        });
        await wire.call('project', 'DeleteProject', { projectId });
        await wire.call('project', 'DeleteProject', { projectId });
        await wire.refused('not_found', 'COMMAND-3M9sd', 'project', 'UpdateProject', {
          projectId,
          name: 'x',
        });
      }),
  },
  {
    name: 'roles: duplicate already_exists, unknown update not_found, unknown removal succeeds and cascades',
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = await project(wire, organizationId, ['reader', 'writer']);
        const userId = await human(wire, organizationId);
        const role = { projectId, roleKey: 'reader', displayName: 'reader' };
        await wire.refused('already_exists', 'V3-DKcYh', 'project', 'AddProjectRole', role);
        await wire.refused('not_found', 'COMMAND-vv8M9', 'project', 'UpdateProjectRole', {
          ...role,
          roleKey: 'none',
        });
        await wire.call('project', 'UpdateProjectRole', role);
        const roleKeys = ['reader', 'writer'];
        const request = { userId, projectId, organizationId, roleKeys };
        const { id } = await wire.call('authorization', 'CreateAuthorization', request);
        await wire.call('project', 'RemoveProjectRole', { projectId, roleKey: 'writer' });
        await wire.call('project', 'RemoveProjectRole', { projectId, roleKey: 'writer' });
        await eventually(async () => {
          const filters = [{ authorizationIds: { ids: [id] } }];
          const { authorizations } = await wire.call('authorization', 'ListAuthorizations', { filters });
          assert.deepEqual(
            authorizations?.[0]?.roles?.map((held) => held.key),
            ['reader'],
          );
        });
      }),
  },
  {
    name: 'authorizations: unknown parents failed_precondition, duplicates already_exists, repeats succeed',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        const [owner, other] = [await organization(wire), await organization(wire)];
        const projectId = await project(wire, owner, ['reader']);
        const userId = await human(wire, owner);
        const request = { userId, projectId, organizationId: owner, roleKeys: ['reader'] };
        const refused = (id: string, change: object) =>
          wire.refused('failed_precondition', id, 'authorization', 'CreateAuthorization', {
            ...request,
            ...change,
          });
        await refused('COMMAND-4f8sg', { userId: unique('none') });
        await refused('COMMAND-4m9ff', { projectId: unique('none') });
        await refused('COMMAND-mm9F4', { roleKeys: ['none'] });
        await refused('COMMAND-4m9ff', { organizationId: other });
        const { id } = await wire.call('authorization', 'CreateAuthorization', request);
        const exists = 'already_exists';
        await wire.refused(exists, 'V3-DKcYh', 'authorization', 'CreateAuthorization', request);
        await wire.call('authorization', 'UpdateAuthorization', { id, roleKeys: ['reader'] });
        for (const method of [
          'DeactivateAuthorization',
          'DeactivateAuthorization',
          'ActivateAuthorization',
        ]) {
          await wire.call('authorization', method, { id });
        }
        await wire.call('authorization', 'DeleteAuthorization', { id });
        await wire.call('authorization', 'DeleteAuthorization', { id });
        await wire.refused('not_found', 'COMMAND-Lp0gs', 'authorization', 'ActivateAuthorization', { id });
      }),
  },
  {
    name: 'a project grant lets another organization authorize, and takes its authorizations along',
    run: (target) =>
      asOwner(target, async (wire) => {
        const [owner, tenant] = [await organization(wire), await organization(wire)];
        const projectId = await project(wire, owner, ['reader', 'writer']);
        const userId = await human(wire, tenant);
        const grant = { projectId, grantedOrganizationId: tenant };
        await wire.refused('not_found', 'PROJECT-D8JxR', 'project', 'UpdateProjectGrant', {
          ...grant,
          roleKeys: [],
        });
        await wire.call('project', 'CreateProjectGrant', { ...grant, roleKeys: ['reader'] });
        await wire.refused('already_exists', undefined, 'project', 'CreateProjectGrant', {
          ...grant,
          roleKeys: ['reader'],
        });
        await wire.call('project', 'DeactivateProjectGrant', grant);
        await wire.call('project', 'DeactivateProjectGrant', grant);
        await wire.call('project', 'ActivateProjectGrant', grant);
        const request = { userId, projectId, organizationId: tenant };
        await wire.refused('failed_precondition', 'COMMAND-mm9F4', 'authorization', 'CreateAuthorization', {
          ...request,
          roleKeys: ['writer'],
        });
        const roleKeys = ['reader'];
        const { id } = await wire.call('authorization', 'CreateAuthorization', { ...request, roleKeys });
        // The cascade reads a projection: an authorization that is not in it yet survives its grant for good.
        await eventually(async () => {
          const filters = [{ authorizationIds: { ids: [id] } }];
          const { authorizations } = await wire.call('authorization', 'ListAuthorizations', { filters });
          assert.equal(authorizations?.length, 1);
        });
        await wire.call('project', 'DeleteProjectGrant', grant);
        await wire.call('project', 'DeleteProjectGrant', grant);
        await wire.refused('not_found', 'COMMAND-Lp0gs', 'authorization', 'ActivateAuthorization', { id });
      }),
  },
  {
    name: 'new-style lists refuse a limit above 1000',
    quirk: 11,
    run: (target) =>
      asOwner(target, async (wire) => {
        const over = { pagination: { limit: 1_001 } };
        await wire.refused('invalid_argument', 'QUERY-4M0fs', 'project', 'ListProjects', over);
        const answer = await wire.call('project', 'ListProjects', { pagination: { limit: 1_000 } });
        assert.equal(answer.pagination?.appliedLimit, '1000');
        const unasked = await wire.call('authorization', 'ListAuthorizations');
        assert.equal(unasked.pagination?.appliedLimit, '100');
      }),
  },
  {
    name: 'the instance knows itself, and lists trusted domains under a name in the singular',
    run: (target) =>
      asOwner(target, async (wire) => {
        const { instance } = await wire.call('instance', 'GetInstance');
        assert.ok(instance?.id);
        assert.ok(instance.version);
        const trustedDomain = `${unique('trusted')}.example.com`;
        await wire.call('instance', 'AddTrustedDomain', { trustedDomain });
        wire.undo('instance', 'RemoveTrustedDomain', { trustedDomain });
        const repeat = { trustedDomain };
        await wire.refused('failed_precondition', 'COMMA-hg42a', 'instance', 'AddTrustedDomain', repeat);
        await eventually(async () => {
          const list = await wire.call('instance', 'ListTrustedDomains');
          assert.ok(list.trustedDomain?.some((row) => row.domain === trustedDomain));
        });
      }),
  },
];
