import assert from 'node:assert/strict';
import type { ListedMemberships } from './answers.ts';
import { asMachine, human, inAnHour, machine, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, eventually, unique } from './wire.ts';

const noMembership = 'AUTHZ-cdgFk';

/** What holds for callers who may do little. */
export const permissionCases: readonly ContractCase[] = [
  {
    name: 'without membership, methods that declare a permission are not_found and other lists are empty, with a total',
    quirk: 10,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = await project(wire, organizationId);
        await wire.call('application', 'CreateApplication', { projectId, name: 'api', apiConfiguration: {} });
        const nobody = await asMachine(wire, await machine(wire, organizationId));
        for (const method of ['ListProjects', 'ListProjectGrants']) {
          await nobody.refused('not_found', noMembership, 'project', method);
        }
        await nobody.refused('not_found', noMembership, 'project', 'ListProjectRoles', { projectId });
        await nobody.refused('not_found', noMembership, 'action', 'ListTargets');
        await nobody.refused('not_found', noMembership, 'instance', 'GetInstance');
        await eventually(async () => {
          const organizations = await nobody.call('org', 'ListOrganizations');
          assert.equal(organizations.result, undefined);
          assert.ok(Number(organizations.details?.totalResult) >= 2);
          const { applications, pagination } = await nobody.call('application', 'ListApplications');
          assert.equal(applications, undefined);
          assert.ok(Number(pagination?.totalResult) >= 1);
          const administrators = await nobody.call('administrator', 'ListAdministrators');
          assert.equal(administrators.administrators, undefined);
          const sessions = await nobody.call('session', 'ListSessions');
          assert.equal(sessions.sessions, undefined);
          const authorizations = await nobody.call('authorization', 'ListAuthorizations');
          assert.equal(authorizations.authorizations, undefined);
        });
      }),
  },
  {
    name: 'the list of users counts the readable alone: for who may read none it holds the caller',
    run: (target) =>
      asOwner(target, async (wire) => {
        const key = await machine(wire, await organization(wire));
        const nobody = await asMachine(wire, key);
        await eventually(async () => {
          const { result, details } = await nobody.call('user', 'ListUsers');
          assert.deepEqual(
            result?.map(({ userId }) => userId),
            [key.userId],
          );
          assert.equal(details?.totalResult, '1');
        });
      }),
  },
  {
    name: 'a machine may change its own credentials, though not its state',
    run: (target) =>
      asOwner(target, async (wire) => {
        const { userId, ...key } = await machine(wire, await organization(wire));
        const self = await asMachine(wire, { userId, ...key });
        const request = { userId, expirationDate: inAnHour() };
        const { keyId } = await self.call('user', 'AddKey', request);
        const { tokenId } = await self.call('user', 'AddPersonalAccessToken', request);
        await self.call('user', 'AddSecret', { userId });
        await self.call('user', 'RemoveSecret', { userId });
        await self.call('user', 'RemoveKey', { userId, keyId });
        await self.call('user', 'RemovePersonalAccessToken', { userId, tokenId });
        await self.refused('not_found', noMembership, 'user', 'DeactivateUser', { userId });
      }),
  },
  {
    name: 'a viewer of an organization is denied by the command it tries, by another id where the method declares it',
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const userId = await human(wire, organizationId);
        const key = await machine(wire, organizationId);
        const viewer = await asMachine(wire, key);
        await wire.call('administrator', 'CreateAdministrator', {
          userId: key.userId,
          resource: { organizationId },
          roles: ['ORG_OWNER_VIEWER'],
        });
        await eventually(() => viewer.call('user', 'GetUserByID', { userId }));
        const denied = 'permission_denied';
        await viewer.refused(denied, 'AUTH-AWfge', 'user', 'DeactivateUser', { userId });
        await viewer.refused(denied, 'AUTH-AWfge', 'project', 'CreateProject', {
          organizationId,
          name: unique('project'),
        });
        await viewer.refused(denied, 'AUTH-AWfge', 'org', 'UpdateOrganization', {
          organizationId,
          name: unique('org'),
        });
        await viewer.refused(denied, 'AUTH-5mWD2', 'action', 'ListTargets');
        await viewer.refused('not_found', noMembership, 'session', 'CreateSession', {
          checks: { user: { userId } },
        });
        await viewer.refused('not_found', noMembership, 'instance', 'GetInstance');
      }),
  },
  {
    name: 'everybody reads what they administer themselves, also who may read no other administrators',
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const key = await machine(wire, organizationId);
        const self = await asMachine(wire, key);
        const own = (queries: readonly unknown[] = []) =>
          self.rest<ListedMemberships>('POST', '/auth/v1/memberships/me/_search', { queries });
        assert.equal((await own()).result, undefined);
        const roles = ['ORG_USER_MANAGER'];
        const administrator = { userId: key.userId, resource: { organizationId }, roles };
        await wire.call('administrator', 'CreateAdministrator', administrator);
        await eventually(async () => {
          const { result, details } = await own();
          assert.equal(details?.totalResult, '1');
          assert.deepEqual(
            result?.map(({ userId, orgId, iam, roles: had }) => ({ userId, orgId, iam, roles: had })),
            [{ userId: key.userId, orgId: organizationId, iam: undefined, roles }],
          );
          const { administrators } = await self.call('administrator', 'ListAdministrators');
          assert.deepEqual(
            administrators?.map(({ user }) => user?.id),
            [key.userId],
          );
        });
        assert.equal((await own([{ iamQuery: { iam: true } }])).result, undefined);
        assert.equal((await own([{ orgQuery: { orgId: organizationId } }])).result?.length, 1);
      }),
  },
];
