import assert from 'node:assert/strict';
import { human, humanFields, inAnHour, machine, organization, project } from './fixtures.ts';
import type { ContractCase, ContractTarget } from './target.ts';
import { asOwner, eventually, postForm, Wire } from './wire.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const password = 'Correct-Horse1';

/** A person who is signed in at a login of ours, and what that login may do. */
interface Login {
  readonly login: Wire;
  readonly organizationId: string;
  readonly session: { readonly sessionId: string; readonly sessionToken: string };
}

async function signIn(wire: Wire): Promise<Login> {
  const organizationId = await organization(wire);
  const userId = await human(wire, organizationId, {
    human: { ...humanFields('device@example.com'), password: { password } },
  });
  const key = await machine(wire, organizationId);
  const loginClient = { userId: key.userId, resource: { instance: true } };
  await wire.call('administrator', 'CreateAdministrator', { ...loginClient, roles: ['IAM_LOGIN_CLIENT'] });
  wire.undo('administrator', 'DeleteAdministrator', loginClient);
  const { token = '' } = await wire.call('user', 'AddPersonalAccessToken', {
    userId: key.userId,
    expirationDate: inAnHour(),
  });
  const login = new Wire(wire.target, token);
  const checks = { user: { userId }, password: { password } };
  const { sessionId = '', sessionToken = '' } = await eventually(() =>
    login.call('session', 'CreateSession', { checks }),
  );
  return { login, organizationId, session: { sessionId, sessionToken } };
}

/** An application without a secret, as a command line has, whose lookup may lag. */
async function nativeApp(wire: Wire, projectId: string, name: string): Promise<string> {
  const { oidcConfiguration } = await wire.call('application', 'CreateApplication', {
    projectId,
    name,
    oidcConfiguration: {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_DEVICE_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
    },
  });
  const clientId = oidcConfiguration?.clientId ?? '';
  await eventually(async () => assert.equal((await begin(wire.target, clientId)).status, 200));
  return clientId;
}

const begin = (target: ContractTarget, clientId: string) =>
  postForm(target, '/oauth/v2/device_authorization', {
    client_id: clientId,
    scope: 'openid offline_access unheard-of',
  });

const poll = (target: ContractTarget, clientId: string, code: unknown) =>
  postForm(target, '/oauth/v2/token', {
    grant_type: deviceGrant,
    client_id: clientId,
    device_code: String(code),
  });

const refresh = (target: ContractTarget, clientId: string, token: string) =>
  postForm(target, '/oauth/v2/token', {
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: token,
  });

const revoke = (target: ContractTarget, clientId: string, token: string) =>
  postForm(target, '/oauth/v2/revoke', { client_id: clientId, token });

async function userinfo(target: ContractTarget, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await target.fetch(`${target.issuer}/oidc/v1/userinfo`, { headers })).status;
}

/** The waiting request of a device: the projection may lag. */
const waiting = (login: Wire, userCode: unknown) =>
  eventually(() => login.call('oidc', 'GetDeviceAuthorizationRequest', { userCode }));

/** Tokens of the person, for an application. */
async function tokens({ login, session }: Login, clientId: string) {
  const { body } = await begin(login.target, clientId);
  const { deviceAuthorizationRequest } = await waiting(login, body.user_code);
  await login.call('oidc', 'AuthorizeOrDenyDeviceAuthorization', {
    deviceAuthorizationId: deviceAuthorizationRequest?.id,
    session,
  });
  const answer = await poll(login.target, clientId, body.device_code);
  assert.equal(answer.status, 200, answer.body.error_description);
  return { access: answer.body.access_token ?? '', refresh: answer.body.refresh_token ?? '' };
}

/** What holds for devices that are signed in, and for the tokens of people. */
export const deviceCases: readonly ContractCase[] = [
  {
    name: 'a device waits until its person decides, may poll fast, and gets its tokens once',
    quirk: 20,
    run: (target) =>
      asOwner(target, async (wire) => {
        const { login, organizationId, session } = await signIn(wire);
        const clientId = await nativeApp(wire, await project(wire, organizationId), 'cli');
        const { body } = await begin(target, clientId);
        assert.match(String(body.user_code), /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
        assert.equal(body.verification_uri, `${target.issuer}/device`);
        for (let count = 0; count < 3; count++) {
          const { status, body: pending } = await poll(target, clientId, body.device_code);
          assert.deepEqual([status, pending.error], [400, 'authorization_pending']);
        }
        const { deviceAuthorizationRequest: request } = await waiting(login, body.user_code);
        assert.equal(request?.clientId, clientId);
        assert.deepEqual(request.scope, ['openid', 'offline_access', 'unheard-of']);
        const decision = { deviceAuthorizationId: request.id, session };
        await login.call('oidc', 'AuthorizeOrDenyDeviceAuthorization', decision);
        const granted = await poll(target, clientId, body.device_code);
        assert.equal(granted.status, 200);
        assert.ok(granted.body.refresh_token);
        const again = await poll(target, clientId, body.device_code);
        assert.deepEqual([again.status, again.body], [400, { error: 'invalid_grant' }]);
        const once = 'COMMAND-D30Jf';
        await login.refused(
          'failed_precondition',
          once,
          'oidc',
          'AuthorizeOrDenyDeviceAuthorization',
          decision,
        );
      }),
  },
  {
    name: 'a device that is denied hears access_denied',
    run: (target) =>
      asOwner(target, async (wire) => {
        const { login, organizationId } = await signIn(wire);
        const clientId = await nativeApp(wire, await project(wire, organizationId), 'cli');
        const { body } = await begin(target, clientId);
        const { deviceAuthorizationRequest } = await waiting(login, body.user_code);
        await login.call('oidc', 'AuthorizeOrDenyDeviceAuthorization', {
          deviceAuthorizationId: deviceAuthorizationRequest?.id,
          deny: {},
        });
        const denied = await poll(target, clientId, body.device_code);
        assert.deepEqual([denied.status, denied.body.error], [400, 'access_denied']);
      }),
  },
  {
    name: 'a refresh kills the token before, a used refresh token is invalid_request, and none is bound to its client',
    quirk: 3,
    run: (target) =>
      asOwner(target, async (wire) => {
        const person = await signIn(wire);
        const projectId = await project(wire, person.organizationId);
        const clientId = await nativeApp(wire, projectId, 'cli');
        const other = await nativeApp(wire, projectId, 'other');
        const first = await tokens(person, clientId);
        assert.equal(await userinfo(target, first.access), 200);
        const renewed = await refresh(target, clientId, first.refresh);
        assert.equal(renewed.status, 200);
        assert.notEqual(renewed.body.refresh_token, first.refresh);
        assert.equal(await userinfo(target, first.access), 401);
        assert.equal(await userinfo(target, renewed.body.access_token ?? ''), 200);
        const dead = await refresh(target, clientId, first.refresh);
        assert.deepEqual([dead.status, dead.body.error], [400, 'invalid_request']);
        assert.equal((await refresh(target, other, renewed.body.refresh_token ?? '')).status, 200);
      }),
  },
  {
    name: 'tokens can be revoked by applications of their project alone, the unknown by any',
    run: (target) =>
      asOwner(target, async (wire) => {
        const person = await signIn(wire);
        const projectId = await project(wire, person.organizationId);
        const clientId = await nativeApp(wire, projectId, 'cli');
        const sister = await nativeApp(wire, projectId, 'sister');
        const stranger = await nativeApp(wire, await project(wire, person.organizationId), 'stranger');
        const held = await tokens(person, clientId);
        const refused = await revoke(target, stranger, held.access);
        assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_client']);
        assert.equal(await userinfo(target, held.access), 200);
        assert.equal((await revoke(target, sister, held.access)).status, 200);
        assert.equal(await userinfo(target, held.access), 401);
        const next = await tokens(person, clientId);
        assert.equal((await revoke(target, clientId, next.refresh)).status, 200);
        assert.equal(await userinfo(target, next.access), 401);
        assert.equal((await revoke(target, clientId, 'unknown')).status, 200);
      }),
  },
];
