import assert from 'node:assert/strict';
import { asMachine, human, inAnHour, machine, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { apiScope, asOwner, assertion, eventually, jwtToken, postForm, unique, Wire } from './wire.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** What holds for discovery, tokens and introspection. */
export const tokenCases: readonly ContractCase[] = [
  {
    name: 'discovery names the issuer byte for byte, and the keys are cacheable',
    quirk: 13,
    run: async (target) => {
      const answer = await target.fetch(`${target.issuer}/.well-known/openid-configuration`);
      const document = (await answer.json()) as { issuer: string; jwks_uri: string };
      assert.equal(document.issuer, target.issuer);
      const keys = await target.fetch(document.jwks_uri);
      assert.match(keys.headers.get('cache-control') ?? '', /max-age=300/);
      const { keys: list } = (await keys.json()) as { keys: { kid: string; alg: string }[] };
      assert.ok(list.length > 0 && list.every((key) => key.kid && key.alg));
    },
  },
  {
    name: 'an assertion for another audience is refused',
    quirk: 13,
    run: async (target) => {
      const { status, body } = await postForm(target, '/oauth/v2/token', {
        grant_type: jwtBearer,
        assertion: assertion(target.serviceAccountKey, `${target.issuer}/`),
        scope: apiScope,
      });
      assert.ok(refusesAssertion(status, body.error), `${status} ${body.error}`);
    },
  },
  {
    name: 'an assertion may be an hour old but not a second from the future, and can be replayed',
    run: async (target) => {
      const now = Math.floor(Date.now() / 1_000);
      const ask = (claims: Record<string, unknown>) =>
        postForm(target, '/oauth/v2/token', {
          grant_type: jwtBearer,
          assertion: assertion(target.serviceAccountKey, target.issuer, claims),
          scope: apiScope,
        });
      assert.equal((await ask({ iat: now - 3_000, jti: 'same' })).status, 200);
      assert.equal((await ask({ iat: now - 3_000, jti: 'same' })).status, 200);
      for (const claims of [{ iat: now - 3_700 }, { iat: now + 120 }, { exp: now - 10 }, { sub: 'other' }]) {
        const { status, body } = await ask(claims);
        assert.ok(refusesAssertion(status, body.error), JSON.stringify(claims));
      }
    },
  },
  {
    name: 'a token without the audience scope is not taken by the API; machines get no refresh token and no scope field',
    quirk: 2,
    run: async (target) => {
      const { status, body } = await jwtToken(target, target.serviceAccountKey, 'openid offline_access');
      assert.equal(status, 200);
      assert.equal(body.refresh_token, undefined);
      assert.equal(body.scope, undefined);
      assert.equal(body.expires_in === undefined || body.expires_in > 0, true);
      const caller = new Wire(target, body.access_token ?? '');
      await caller.refused('unauthenticated', undefined, 'instance', 'GetInstance');
      const empty = await jwtToken(target, target.serviceAccountKey, '');
      assert.equal(empty.status, 200);
      const absent = await postForm(target, '/oauth/v2/token', {
        grant_type: jwtBearer,
        assertion: assertion(target.serviceAccountKey, target.issuer),
      });
      assert.deepEqual([absent.status, absent.body.error], [400, 'invalid_request']);
    },
  },
  {
    name: 'client credentials: the id is the login name, errors are 400, unknown is invalid_client',
    quirk: 4,
    run: (target) =>
      asOwner(target, async (wire) => {
        const { userId, username } = await machine(wire, await organization(wire));
        const ask = (id: string, secret: string) =>
          postForm(target, '/oauth/v2/token', {
            grant_type: 'client_credentials',
            client_id: id,
            client_secret: secret,
            scope: apiScope,
          });
        const unknown = await ask(unique('none'), 'x');
        assert.deepEqual([unknown.status, unknown.body.error], [400, 'invalid_client']);
        await eventually(async () => {
          const missing = await ask(username, 'x');
          assert.deepEqual([missing.status, missing.body.error], [400, 'invalid_request']);
        });
        const { clientSecret } = await wire.call('user', 'AddSecret', { userId });
        const granted = await eventually(async () => {
          const answer = await ask(username.toUpperCase(), clientSecret ?? '');
          assert.equal(answer.status, 200);
          return answer;
        });
        const caller = new Wire(target, granted.body.access_token ?? '');
        const { user } = await caller.call('user', 'GetUserByID', { userId });
        assert.equal(user?.machine?.hasSecret, true);
        const wrong = await ask(username, 'wrong');
        assert.deepEqual([wrong.status, wrong.body.error], [400, 'invalid_request']);
      }),
  },
  {
    name: 'unsupported grants and bare requests are 400',
    quirk: 1,
    run: async (target) => {
      const unsupported = await postForm(target, '/oauth/v2/token', { grant_type: 'password' });
      assert.deepEqual([unsupported.status, unsupported.body.error], [400, 'unsupported_grant_type']);
      const introspection = await postForm(target, '/oauth/v2/introspect', { token: 'x' });
      assert.deepEqual([introspection.status, introspection.body.error], [400, 'invalid_request']);
      const named = await postForm(target, '/oauth/v2/introspect', { token: 'x', client_id: 'x' });
      assert.deepEqual([named.status, named.body.error], [400, 'invalid_client']);
      const userinfo = await target.fetch(`${target.issuer}/oidc/v1/userinfo`);
      assert.equal(userinfo.status, 401);
    },
  },
  {
    name: 'introspection asks for an audience, which personal access tokens do not need',
    quirk: 21,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = await project(wire, organizationId, ['reader']);
        const { apiConfiguration } = await wire.call('application', 'CreateApplication', {
          projectId,
          name: 'api',
          apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_BASIC' },
        });
        const { clientId = '', clientSecret = '' } = apiConfiguration ?? {};
        const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
        const introspect = (token: string) =>
          postForm(target, '/oauth/v2/introspect', { token }, { authorization: `Basic ${basic}` });
        const key = await machine(wire, organizationId);
        await asMachine(wire, key);
        const without = await jwtToken(target, key);
        await eventually(async () => {
          const answer = await introspect(without.body.access_token ?? '');
          assert.deepEqual([answer.status, answer.body.active], [200, false]);
        });
        const scope = `${apiScope} urn:zitadel:iam:org:project:id:${projectId}:aud`;
        const within = await jwtToken(target, key, scope);
        assert.equal((await introspect(within.body.access_token ?? '')).body.active, true);
        const { token = '' } = await wire.call('user', 'AddPersonalAccessToken', {
          userId: key.userId,
          expirationDate: inAnHour(),
        });
        assert.equal((await introspect(token)).body.active, true);
        await wire.call('user', 'DeactivateUser', { userId: key.userId });
        assert.equal((await introspect(within.body.access_token ?? '')).body.active, false);
        const failed = await postForm(
          target,
          '/oauth/v2/introspect',
          { token },
          { authorization: `Basic ${Buffer.from(`${clientId}:wrong`).toString('base64')}` },
        );
        assert.deepEqual([failed.status, failed.body.error], [400, 'unauthorized_client']);
      }),
  },
  {
    name: 'a deactivated machine gets no token and its token stops at once',
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const key = await machine(wire, organizationId);
        const caller = await asMachine(wire, key);
        const userId = await human(wire, organizationId);
        await caller.call('user', 'GetUserByID', { userId: key.userId });
        await wire.call('user', 'DeactivateUser', { userId: key.userId });
        await caller.refused('unauthenticated', undefined, 'user', 'GetUserByID', { userId });
        const { status, body } = await jwtToken(target, key);
        assert.deepEqual([status, body.error], [400, 'invalid_request']);
      }),
  },
];

/** 4.13 answers a bad assertion with 500 `server_error`, later ones with 400 `invalid_grant`; both refuse it. */
function refusesAssertion(status: number, error: string | undefined): boolean {
  return (status === 400 && error === 'invalid_grant') || (status === 500 && error === 'server_error');
}
