import assert from 'node:assert/strict';
import { human, inAnHour, machine, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, eventually, unique } from './wire.ts';

/** What holds for reading one thing or a list of them. */
export const readCases: readonly ContractCase[] = [
  {
    name: 'a project is read at once, listed with its owner, and so are its roles; an unknown one is not_found',
    quirk: 15,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = await project(wire, organizationId, ['reader', 'writer']);
        const read = await wire.call('project', 'GetProject', { projectId });
        assert.equal(read.project?.organizationId, organizationId);
        assert.equal(read.project?.state, 'PROJECT_STATE_ACTIVE');
        await wire.refused('not_found', 'QUERY-fk2fs', 'project', 'GetProject', {
          projectId: unique('none'),
        });
        const { projectRoles } = await wire.call('project', 'ListProjectRoles', {
          projectId,
          pagination: { asc: true },
          sortingColumn: 'PROJECT_ROLE_FIELD_NAME_KEY',
        });
        assert.deepEqual(
          projectRoles?.map(({ key }) => key),
          ['reader', 'writer'],
        );
        await eventually(async () => {
          const filters = [{ organizationIdFilter: { organizationId } }];
          const { projects, pagination } = await wire.call('project', 'ListProjects', { filters });
          assert.deepEqual(
            projects?.map((row) => row.projectId),
            [projectId],
          );
          assert.equal(pagination?.totalResult, '1');
        });
      }),
  },
  {
    name: 'a granted project is listed in both organizations, its grant with the roles',
    run: (target) =>
      asOwner(target, async (wire) => {
        const [owner, tenant] = [await organization(wire), await organization(wire)];
        const projectId = await project(wire, owner, ['reader']);
        const granted = { projectId, grantedOrganizationId: tenant, roleKeys: ['reader'] };
        await wire.call('project', 'CreateProjectGrant', granted);
        await eventually(async () => {
          const filters = [{ inProjectIdsFilter: { ids: [projectId] } }];
          const { projectGrants } = await wire.call('project', 'ListProjectGrants', { filters });
          assert.equal(projectGrants?.[0]?.grantedOrganizationId, tenant);
          assert.equal(projectGrants[0].organizationId, owner);
          assert.deepEqual(projectGrants[0].grantedRoleKeys, ['reader']);
          const inTenant = [{ organizationIdFilter: { organizationId: tenant } }];
          const { projects } = await wire.call('project', 'ListProjects', { filters: inTenant });
          assert.equal(projects?.[0]?.grantedOrganizationId, tenant);
        });
      }),
  },
  {
    name: 'organizations are listed with their primary domain, and their metadata as it was set',
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        await eventually(async () => {
          const queries = [{ idQuery: { id: organizationId } }];
          const { result } = await wire.call('org', 'ListOrganizations', { queries });
          assert.equal(result?.[0]?.state, 'ORGANIZATION_STATE_ACTIVE');
          assert.ok(result[0].primaryDomain);
        });
        const metadata = [{ key: 'k', value: 'dg==' }];
        await wire.call('org', 'SetOrganizationMetadata', { organizationId, metadata });
        const list = () => wire.call('org', 'ListOrganizationMetadata', { organizationId });
        assert.equal((await list()).metadata?.[0]?.value, 'dg==');
        await wire.call('org', 'DeleteOrganizationMetadata', { organizationId, keys: ['k'] });
        assert.equal((await list()).metadata, undefined);
      }),
  },
  {
    name: 'metadata of a user: an unknown key cannot be deleted, and setting it empty is fine',
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        await wire.call('user', 'SetUserMetadata', { userId, metadata: [{ key: 'none', value: '' }] });
        await wire.refused('not_found', 'META-2nnds', 'user', 'DeleteUserMetadata', {
          userId,
          keys: ['none'],
        });
        await wire.call('user', 'SetUserMetadata', { userId, metadata: [{ key: 'k', value: 'dg==' }] });
        await wire.call('user', 'DeleteUserMetadata', { userId, keys: ['k'] });
      }),
  },
  {
    name: 'keys and personal access tokens are listed by user, without their secrets',
    run: (target) =>
      asOwner(target, async (wire) => {
        const { userId, keyId } = await machine(wire, await organization(wire));
        const request = { userId, expirationDate: inAnHour() };
        const { tokenId } = await wire.call('user', 'AddPersonalAccessToken', request);
        const filters = [{ userIdFilter: { id: userId } }];
        await eventually(async () => {
          const keys = await wire.call('user', 'ListKeys', { filters });
          assert.deepEqual(
            keys.result?.map(({ id }) => id),
            [keyId],
          );
          const tokens = await wire.call('user', 'ListPersonalAccessTokens', { filters });
          assert.deepEqual(
            tokens.result?.map(({ id }) => id),
            [tokenId],
          );
          assert.ok(!JSON.stringify([keys, tokens]).includes('PRIVATE'));
        });
      }),
  },
  {
    name: 'domain lists leave out the applied limit, which other lists tell',
    run: (target) =>
      asOwner(target, async (wire) => {
        const custom = await wire.call('instance', 'ListCustomDomains');
        const { hostname } = new URL(target.issuer);
        assert.ok(custom.domains?.some(({ domain }) => domain === hostname));
        assert.ok(custom.domains?.some(({ generated }) => generated));
        assert.ok(custom.pagination?.totalResult);
        assert.equal(custom.pagination.appliedLimit, undefined);
        const { instance } = await wire.call('instance', 'GetInstance');
        assert.equal(instance?.state, undefined);
      }),
  },
  {
    name: 'a profile tells nickname, language and gender even where none is known',
    quirk: 16,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const { user } = await wire.call('user', 'GetUserByID', { userId });
        const profile = user?.human?.profile;
        assert.deepEqual(
          [profile?.nickName, profile?.preferredLanguage, profile?.gender],
          ['', 'und', 'GENDER_UNSPECIFIED'],
        );
      }),
  },
];
