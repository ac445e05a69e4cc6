import assert from 'node:assert/strict';
import { inAnHour, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { asOwner, assertion, eventually, postForm, type SigningKey, unique } from './wire.ts';

const redirectUris = ['https://app.example.com/callback'];
const signed = { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' };

/** What holds for applications, their secrets and their keys. */
export const applicationCases: readonly ContractCase[] = [
  {
    name: 'an application is read and listed without its secret; a new secret replaces the old one',
    run: (target) =>
      asOwner(target, async (wire) => {
        const projectId = await project(wire, await organization(wire));
        const request = { projectId, name: 'web', oidcConfiguration: { redirectUris } };
        const made = await wire.call('application', 'CreateApplication', request);
        const { applicationId } = made;
        await eventually(async () => {
          const filters = [{ projectIdFilter: { projectId } }];
          const { applications } = await wire.call('application', 'ListApplications', { filters });
          assert.deepEqual(
            applications?.map((row) => row.applicationId),
            [applicationId],
          );
          const read = await wire.call('application', 'GetApplication', { applicationId });
          assert.equal(read.application?.oidcConfiguration?.clientId, made.oidcConfiguration?.clientId);
          assert.deepEqual(read.application?.oidcConfiguration?.grantTypes, [
            'OIDC_GRANT_TYPE_AUTHORIZATION_CODE',
          ]);
          assert.ok(!JSON.stringify(read).includes(made.oidcConfiguration?.clientSecret ?? '-'));
        });
        const app = { projectId, applicationId };
        const { clientSecret } = await wire.call('application', 'GenerateClientSecret', app);
        assert.notEqual(clientSecret, made.oidcConfiguration?.clientSecret);
        const unknown = { projectId, applicationId: unique('none') };
        await wire.refused('not_found', 'COMMAND-Kd92s', 'application', 'GenerateClientSecret', unknown);
        await wire.refused('failed_precondition', 'COMMAND-EbFMN', 'application', 'CreateApplication', {
          ...request,
          projectId: unique('none'),
        });
      }),
  },
  {
    name: 'an update that leaves out grant types sets those of the code flow; other settings stay',
    run: (target) =>
      asOwner(target, async (wire) => {
        const projectId = await project(wire, await organization(wire));
        const grantTypes = ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'];
        const postLogoutRedirectUris = ['https://app.example.com/out'];
        const oidcConfiguration = { redirectUris, grantTypes, postLogoutRedirectUris };
        const request = { projectId, name: 'web', oidcConfiguration };
        const { applicationId } = await wire.call('application', 'CreateApplication', request);
        const changed = { redirectUris: ['https://app.example.com/other'] };
        const app = { projectId, applicationId };
        await wire.call('application', 'UpdateApplication', { ...app, oidcConfiguration: changed });
        await eventually(async () => {
          const read = await wire.call('application', 'GetApplication', { applicationId });
          const found = read.application?.oidcConfiguration;
          assert.deepEqual(found?.redirectUris, changed.redirectUris);
          assert.deepEqual(found.grantTypes, ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE']);
          assert.deepEqual(found.postLogoutRedirectUris, postLogoutRedirectUris);
        });
      }),
  },
  {
    name: 'a project whose id was removed before takes API applications and no OIDC ones',
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = unique('project');
        const create = () =>
          wire.call('project', 'CreateProject', { organizationId, projectId, name: projectId });
        await create();
        await wire.call('project', 'DeleteProject', { projectId });
        await create();
        const api = { projectId, name: 'api', apiConfiguration: signed };
        await wire.call('application', 'CreateApplication', api);
        const web = { projectId, name: 'web', oidcConfiguration: { redirectUris } };
        const own = { ...web, applicationId: unique('app') };
        for (const request of [web, own])
          await wire.refused(
            'failed_precondition',
            'PROJECT-lxowmp',
            'application',
            'CreateApplication',
            request,
          );
      }),
  },
  {
    name: 'what is not compliant is made all the same and says so; a large clock skew is refused',
    run: (target) =>
      asOwner(target, async (wire) => {
        const projectId = await project(wire, await organization(wire));
        const create = (oidcConfiguration: object) =>
          wire.call('application', 'CreateApplication', {
            projectId,
            name: unique('app'),
            oidcConfiguration,
          });
        const bare = (await create({})).oidcConfiguration;
        assert.equal(bare?.nonCompliant, true);
        assert.deepEqual(bare.complianceProblems, [
          { key: 'Application.OIDC.V1.NotCompliant' },
          { key: 'Application.OIDC.V1.NoRedirectUris' },
        ]);
        const plain = await create({ redirectUris: ['http://app.example.com/callback'] });
        assert.equal(plain.oidcConfiguration?.nonCompliant, undefined);
        const error = await wire.refused('invalid_argument', undefined, 'application', 'CreateApplication', {
          projectId,
          name: unique('app'),
          oidcConfiguration: { redirectUris, clockSkew: '6s' },
        });
        assert.equal(error.hasDetail, false);
      }),
  },
  {
    name: "an application's key needs an end, is listed, signs assertions for introspection, and goes once",
    quirk: 6,
    run: (target) =>
      asOwner(target, async (wire) => {
        const projectId = await project(wire, await organization(wire));
        const made = await wire.call('application', 'CreateApplication', {
          projectId,
          name: 'api',
          apiConfiguration: signed,
        });
        const app = { projectId, applicationId: made.applicationId };
        await wire.refused('invalid_argument', 'DOMAIN-dv3t5', 'application', 'CreateApplicationKey', app);
        const expirationDate = inAnHour();
        const { keyId, keyDetails = '' } = await wire.call('application', 'CreateApplicationKey', {
          ...app,
          expirationDate,
        });
        const content = JSON.parse(Buffer.from(keyDetails, 'base64').toString()) as Omit<
          SigningKey,
          'userId'
        > & {
          readonly type: string;
          readonly clientId: string;
        };
        assert.equal(content.type, 'application');
        const key = { ...content, userId: content.clientId };
        const introspect = (clientAssertion: string) =>
          postForm(target, '/oauth/v2/introspect', {
            token: 'x',
            client_assertion: clientAssertion,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          });
        await eventually(async () => {
          const answer = await introspect(assertion(key, target.issuer));
          assert.deepEqual([answer.status, answer.body.active], [200, false]);
          const filters = [{ applicationIdFilter: { applicationId: made.applicationId } }];
          const { keys } = await wire.call('application', 'ListApplicationKeys', { filters });
          assert.deepEqual(
            keys?.map((row) => row.keyId),
            [keyId],
          );
        });
        const foreign = await introspect(assertion(key, 'https://other.example.com'));
        assert.deepEqual([foreign.status, foreign.body.error], [400, 'unauthorized_client']);
        const garbage = await introspect('zzz');
        assert.deepEqual([garbage.status, garbage.body.active], [200, false]);
        await wire.call('application', 'DeleteApplicationKey', { ...app, keyId });
        const again = { ...app, keyId };
        await wire.refused('not_found', undefined, 'application', 'DeleteApplicationKey', again);
      }),
  },
];
