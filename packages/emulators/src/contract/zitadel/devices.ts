import assert from 'node:assert/strict';
import { project } from './fixtures.ts';
import { begin, nativeApp, poll, signIn, tokens, waiting } from './people.ts';
import type { ContractCase, ContractTarget } from './target.ts';
import { asOwner, postForm } from './wire.ts';

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
