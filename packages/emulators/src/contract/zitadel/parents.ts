import assert from 'node:assert/strict';
import { human, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, unique } from './wire.ts';

const precondition = 'failed_precondition';

/** What holds where that to which something is to belong is not there. */
export const parentCases: readonly ContractCase[] = [
  {
    name: 'projects are made in organizations that are not there, and a live id in another one changes nothing',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        const name = unique('project');
        const stray = await wire.call('project', 'CreateProject', { organizationId: unique('none'), name });
        wire.undo('project', 'DeleteProject', { projectId: stray.projectId });
        const [first, second] = [await organization(wire), await organization(wire)];
        const projectId = await project(wire, first);
        const again = { organizationId: second, projectId, name: unique('project') };
        await wire.call('project', 'CreateProject', again);
        const read = await wire.call('project', 'GetProject', { projectId });
        assert.equal(read.project?.organizationId, first);
      }),
  },
  {
    name: 'roles and grants of a project that is not there, and a grant to its own organization, are failed_precondition',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = unique('none');
        const role = { projectId, roleKey: 'reader', displayName: 'Reader' };
        await wire.refused(precondition, 'COMMAND-EbFMN', 'project', 'AddProjectRole', role);
        await wire.refused(precondition, 'COMMAND-EbFMN', 'project', 'UpdateProjectRole', role);
        const grant = { projectId, grantedOrganizationId: organizationId, roleKeys: [] };
        await wire.refused(precondition, 'COMMAND-m9gsd', 'project', 'CreateProjectGrant', grant);
        const own = { ...grant, projectId: await project(wire, organizationId) };
        await wire.refused(precondition, 'PROJECT-ckUpbvboAH', 'project', 'CreateProjectGrant', own);
      }),
  },
  {
    name: 'administrators of what is not there cannot be made, and to remove them succeeds without a date',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const userId = await human(wire, organizationId);
        const none = unique('none');
        const create = (code: string, id: string, resource: object, role: string) =>
          wire.refused(code, id, 'administrator', 'CreateAdministrator', { userId, resource, roles: [role] });
        await create(precondition, 'COMMAND-QXPGs', { organizationId: none }, 'ORG_OWNER');
        await create(precondition, 'COMMAND-EbFMN', { projectId: none }, 'PROJECT_OWNER');
        const projectGrant = { projectId: await project(wire, organizationId), organizationId: none };
        await create('not_found', 'PROJECT-D8JxR', { projectGrant }, 'PROJECT_GRANT_OWNER');
        for (const resource of [{ organizationId }, { projectId: none }, { projectGrant }]) {
          const removed = await wire.call('administrator', 'DeleteAdministrator', { userId, resource });
          assert.equal(removed.deletionDate, undefined);
        }
        const member = { userId, resource: { organizationId } };
        await wire.call('administrator', 'CreateAdministrator', { ...member, roles: ['ORG_OWNER'] });
        await wire.call('administrator', 'DeleteAdministrator', member);
        const again = await wire.call('administrator', 'DeleteAdministrator', member);
        assert.ok(again.deletionDate, 'what once was is removed with a date');
      }),
  },
  {
    name: 'deleting an unknown project or role succeeds without a date',
    quirk: 6,
    run: (target) =>
      asOwner(target, async (wire) => {
        const projectId = unique('none');
        assert.deepEqual(await wire.call('project', 'DeleteProject', { projectId }), {});
        assert.deepEqual(await wire.call('project', 'RemoveProjectRole', { projectId, roleKey: 'x' }), {});
        const known = await project(wire, await organization(wire));
        const role = { projectId: known, roleKey: 'x' };
        assert.deepEqual(await wire.call('project', 'RemoveProjectRole', role), {});
      }),
  },
  {
    name: 'a deleted project is another refusal than an unknown one, and its id stays with its first organization',
    quirk: 9,
    run: (target) =>
      asOwner(target, async (wire) => {
        const [first, second] = [await organization(wire), await organization(wire)];
        const projectId = await project(wire, first, ['reader']);
        const userId = await human(wire, first);
        await wire.call('project', 'DeleteProject', { projectId });
        const request = { userId, projectId, organizationId: first, roleKeys: ['reader'] };
        await wire.refused(precondition, 'COMMAND-3n77S', 'authorization', 'CreateAuthorization', request);
        await wire.call('project', 'CreateProject', {
          organizationId: second,
          projectId,
          name: unique('project'),
        });
        const read = await wire.call('project', 'GetProject', { projectId });
        assert.equal(read.project?.organizationId, first);
      }),
  },
  {
    name: 'AddHumanUser for an organization that is not there is permission_denied',
    run: (target) =>
      asOwner(target, (wire) =>
        wire
          .refused('permission_denied', 'AUTH-Bs7Ds', 'user', 'AddHumanUser', {
            organization: { orgId: unique('none') },
            profile: { givenName: 'Con', familyName: 'Tract' },
            email: { email: 'nobody@example.com', isVerified: true },
          })
          .then(() => undefined),
      ),
  },
  {
    name: 'a secret for a person is refused, until that person was deactivated once',
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        await wire.refused(precondition, 'COMMAND-x8910n', 'user', 'AddSecret', { userId });
        await wire.call('user', 'DeactivateUser', { userId });
        await wire.call('user', 'ReactivateUser', { userId });
        assert.ok((await wire.call('user', 'AddSecret', { userId })).clientSecret);
      }),
  },
];
