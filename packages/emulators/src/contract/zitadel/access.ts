import assert from 'node:assert/strict';
import { asMachine, human, inAnHour, machine, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, eventually, unique, Wire } from './wire.ts';

/** What holds for permissions, administrators, keys, secrets, applications and sessions. */
export const accessCases: readonly ContractCase[] = [
  {
    name: 'projects and what hangs on them have no REST paths, only Connect ones',
    quirk: 14,
    run: async (target) => {
      for (const path of ['/v2/projects', '/v2/projects/1']) {
        const answer = await target.fetch(target.issuer + path, {
          method: path.endsWith('1') ? 'GET' : 'POST',
        });
        assert.equal(answer.status, 404, path);
        assert.deepEqual(await answer.json(), { code: 5, message: 'Not Found' }, path);
      }
    },
  },
  {
    name: 'a caller without membership is told not_found, one whose roles do not suffice permission_denied',
    quirk: 10,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const userId = await human(wire, organizationId);
        const key = await machine(wire, organizationId);
        const caller = await asMachine(wire, key);
        await caller.refused('not_found', 'AUTHZ-cdgFk', 'user', 'GetUserByID', { userId });
        const admin = { userId: key.userId, resource: { organizationId } };
        const roles = ['ORG_OWNER_VIEWER'];
        await wire.call('administrator', 'CreateAdministrator', { ...admin, roles });
        await eventually(() => caller.call('user', 'GetUserByID', { userId }));
        const denied = await caller.refused('permission_denied', undefined, 'user', 'DeactivateUser', {
          userId,
        });
        assert.ok(['AUTH-5mWD2', 'AUTH-AWfge'].includes(denied.id), denied.message);
      }),
  },
  {
    name: 'administrators: duplicates already_exists, equal updates and missing deletes succeed',
    quirk: 5,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const admin = { userId: await human(wire, organizationId), resource: { organizationId } };
        const roles = ['ORG_OWNER'];
        await wire.refused('invalid_argument', undefined, 'administrator', 'CreateAdministrator', {
          ...admin,
          roles: ['IAM_OWNER'],
        });
        await wire.call('administrator', 'CreateAdministrator', { ...admin, roles });
        await wire.refused('already_exists', 'ORG-poWwe', 'administrator', 'CreateAdministrator', {
          ...admin,
          roles,
        });
        await wire.call('administrator', 'UpdateAdministrator', { ...admin, roles });
        await eventually(async () => {
          const filters = [{ inUserIdsFilter: { ids: [admin.userId] } }];
          const { administrators } = await wire.call('administrator', 'ListAdministrators', { filters });
          assert.deepEqual(administrators?.[0]?.roles, roles);
        });
        await wire.call('administrator', 'DeleteAdministrator', admin);
        await wire.call('administrator', 'DeleteAdministrator', admin);
        await wire.refused('not_found', undefined, 'administrator', 'UpdateAdministrator', {
          ...admin,
          roles,
        });
        await wire.refused('failed_precondition', 'ORG-GoXOn', 'administrator', 'CreateAdministrator', {
          ...admin,
          roles,
          userId: unique('none'),
        });
      }),
  },
  {
    name: 'keys, secrets and tokens: humans and unknown users failed_precondition, unknown keys not_found',
    quirk: 6,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const userId = await human(wire, organizationId);
        const { userId: machineId } = await machine(wire, organizationId);
        const expirationDate = inAnHour();
        const precondition = 'failed_precondition';
        await wire.refused(precondition, 'COMMAND-bnipwm1', 'user', 'AddKey', { userId, expirationDate });
        await wire.refused(precondition, 'COMMAND-Df2f1', 'user', 'AddPersonalAccessToken', {
          userId,
          expirationDate,
        });
        const unknown = { userId: unique('none'), expirationDate };
        await wire.refused(precondition, 'COMMAND-Dggw2', 'user', 'AddPersonalAccessToken', unknown);
        await wire.refused(precondition, 'COMMAND-x8910n', 'user', 'AddSecret', unknown);
        await wire.refused('invalid_argument', 'DOMAIN-dv3t5', 'user', 'AddKey', {
          userId: machineId,
          expirationDate: '2020-01-01T00:00:00Z',
        });
        await wire.refused('not_found', 'COMMAND-4m77G', 'user', 'RemoveKey', {
          userId: machineId,
          keyId: unique('none'),
        });
        await wire.refused(precondition, 'COMMAND-coi82n', 'user', 'RemoveSecret', { userId: machineId });
      }),
  },
  {
    name: 'a personal access token needs no audience',
    quirk: 21,
    run: (target) =>
      asOwner(target, async (wire) => {
        const { userId } = await machine(wire, await organization(wire));
        const { token, tokenId } = await wire.call('user', 'AddPersonalAccessToken', {
          userId,
          expirationDate: inAnHour(),
        });
        const caller = new Wire(target, token ?? '');
        await eventually(() => caller.call('user', 'GetUserByID', { userId }));
        await wire.call('user', 'RemovePersonalAccessToken', { userId, tokenId });
        await eventually(() =>
          caller.refused('unauthenticated', undefined, 'user', 'GetUserByID', { userId }),
        );
      }),
  },
  {
    name: 'ids of OIDC applications once used stay used, those of APIs do not; unchanged updates are refused; unknown deletes are not_found',
    quirk: 5,
    run: (target) =>
      asOwner(target, async (wire) => {
        const projectId = await project(wire, await organization(wire));
        const request = { projectId, name: 'api', apiConfiguration: {} };
        const { applicationId } = await wire.call('application', 'CreateApplication', request);
        await wire.refused('already_exists', undefined, 'application', 'CreateApplication', request);
        const app = { projectId, applicationId };
        const precondition = 'failed_precondition';
        await wire.refused(precondition, 'COMMAND-2m8vx', 'application', 'UpdateApplication', {
          ...app,
          name: 'api',
        });
        await wire.refused(precondition, 'COMMAND-Dff54', 'application', 'CreateApplicationKey', {
          ...app,
          expirationDate: inAnHour(),
        });
        await wire.refused(precondition, 'COMMAND-1n8cM', 'application', 'ReactivateApplication', app);
        await wire.call('application', 'DeactivateApplication', app);
        await wire.refused(precondition, 'COMMAND-dsh35', 'application', 'DeactivateApplication', app);
        await wire.call('application', 'DeleteApplication', app);
        await wire.refused('not_found', 'COMMAND-0po9s', 'application', 'DeleteApplication', app);
        await wire.call('application', 'CreateApplication', { ...request, applicationId });
        const web = {
          projectId,
          name: 'web',
          oidcConfiguration: { redirectUris: ['https://app.example.com/callback'] },
        };
        const { applicationId: webId } = await wire.call('application', 'CreateApplication', web);
        await wire.call('application', 'DeleteApplication', { projectId, applicationId: webId });
        await wire.refused(precondition, 'PROJECT-lxowmp', 'application', 'CreateApplication', {
          ...web,
          applicationId: webId,
        });
        await wire.refused('invalid_argument', 'PROJECT-1n8df', 'application', 'CreateApplication', {
          ...web,
          name: 'odd',
          oidcConfiguration: {
            responseTypes: ['OIDC_RESPONSE_TYPE_ID_TOKEN'],
            grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE'],
          },
        });
      }),
  },
  {
    name: 'sessions: deleting is idempotent, expired ones stay listed, a deactivated user has none',
    quirk: 20,
    run: (target) =>
      asOwner(target, async (wire) => {
        const userId = await human(wire, await organization(wire));
        const checks = { user: { userId } };
        // The user is looked up in a projection that lags.
        const first = await eventually(() =>
          wire.call('session', 'CreateSession', { checks, lifetime: '0.001s' }),
        );
        const second = await wire.call('session', 'CreateSession', { checks });
        const listed = async () => {
          const { sessions } = await wire.call('session', 'ListSessions', {
            queries: [{ userIdQuery: { id: userId } }],
          });
          return (sessions ?? []).map((session) => String(session.id));
        };
        await eventually(async () => {
          assert.deepEqual((await listed()).toSorted(), [first.sessionId, second.sessionId].toSorted());
        });
        await wire.call('session', 'DeleteSession', { sessionId: second.sessionId });
        await wire.call('session', 'DeleteSession', { sessionId: second.sessionId });
        await wire.call('session', 'DeleteSession', { sessionId: unique('none') });
        await wire.refused('not_found', 'QUERY-SFeaa', 'session', 'GetSession', {
          sessionId: second.sessionId,
        });
        await wire.call('user', 'DeactivateUser', { userId });
        await eventually(async () => assert.deepEqual(await listed(), []));
        await wire.refused('failed_precondition', 'SESSION-Gj4ko', 'session', 'CreateSession', { checks });
      }),
  },
];
