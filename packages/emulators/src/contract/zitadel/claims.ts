import assert from 'node:assert/strict';
import { asMachine, inAnHour, machine, organization, project } from './fixtures.ts';
import type { ContractCase } from './target.ts';
import { apiScope, asOwner, eventually, jwtToken, postForm } from './wire.ts';

const metadataScope = 'urn:zitadel:iam:user:metadata';
const ownerScope = 'urn:zitadel:iam:user:resourceowner';

/** The claims of a JWT, unverified. */
function claimsOf(jwt = ''): Record<string, unknown> {
  const body = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
  return JSON.parse(body) as Record<string, unknown>;
}

/** What holds for what tokens, discovery and introspection say. */
export const claimCases: readonly ContractCase[] = [
  {
    name: 'discovery offers no token exchange, and the languages of the login',
    run: async (target) => {
      const answer = await target.fetch(`${target.issuer}/.well-known/openid-configuration`);
      const document = (await answer.json()) as Record<string, readonly string[]>;
      assert.deepEqual(document.grant_types_supported, [
        'authorization_code',
        'implicit',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        'urn:ietf:params:oauth:grant-type:device_code',
      ]);
      assert.equal(document.ui_locales_supported?.length, 22);
      assert.deepEqual(document.code_challenge_methods_supported, ['S256']);
    },
  },
  {
    name: "a machine's JWT holds what its scopes ask for, and its id_token no lifetime",
    quirk: 2,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const key = await machine(wire, organizationId);
        const { userId } = key;
        const accessTokenType = 'ACCESS_TOKEN_TYPE_JWT';
        await wire.call('user', 'UpdateUser', { userId, machine: { accessTokenType } });
        await wire.call('user', 'SetUserMetadata', { userId, metadata: [{ key: 'k', value: 'aGk=' }] });
        await asMachine(wire, key);
        const owning = `urn:zitadel:iam:org:id:${organizationId}`;
        const { body } = await jwtToken(target, key, `openid ${metadataScope} ${ownerScope} ${owning}`);
        const access = claimsOf(body.access_token);
        assert.deepEqual(access[metadataScope], { k: 'aGk' }, 'base64url without padding');
        assert.equal(access[`${ownerScope}:id`], organizationId);
        assert.equal(access['urn:zitadel:iam:org:id'], organizationId);
        assert.deepEqual(access.aud, [key.username], 'without an audience scope it is the client');
        assert.equal(access.scope, undefined);
        const id = claimsOf(body.id_token);
        assert.equal(id[`${ownerScope}:id`], organizationId);
        assert.ok(Number(id.exp) - Number(id.iat) <= 1);
        const foreign = await jwtToken(target, key, 'openid urn:zitadel:iam:org:id:none');
        assert.equal(claimsOf(foreign.body.access_token)['urn:zitadel:iam:org:id'], undefined);
      }),
  },
  {
    name: 'introspection names a user only with the scope profile, and of a personal access token no client or time',
    quirk: 21,
    run: (target) =>
      asOwner(target, async (wire) => {
        const organizationId = await organization(wire);
        const projectId = await project(wire, organizationId);
        const { apiConfiguration } = await wire.call('application', 'CreateApplication', {
          projectId,
          name: 'api',
          apiConfiguration: {},
        });
        const { clientId = '', clientSecret = '' } = apiConfiguration ?? {};
        const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
        const introspect = async (token = '') =>
          (await postForm(target, '/oauth/v2/introspect', { token }, { authorization })).body;
        const key = await machine(wire, organizationId);
        await asMachine(wire, key);
        const scope = `${apiScope} urn:zitadel:iam:org:project:id:${projectId}:aud`;
        const plain = await jwtToken(target, key, scope);
        await eventually(async () => {
          assert.equal((await introspect(plain.body.access_token)).active, true);
        });
        const told = await introspect(plain.body.access_token);
        assert.deepEqual([told.sub, told.client_id], [key.userId, key.username]);
        assert.equal(told.username, undefined);
        assert.equal(told.amr, undefined);
        const named = await jwtToken(target, key, `${scope} profile`);
        assert.equal((await introspect(named.body.access_token)).username, key.username);
        const { token } = await wire.call('user', 'AddPersonalAccessToken', {
          userId: key.userId,
          expirationDate: inAnHour(),
        });
        const pat = await introspect(token);
        assert.equal(pat.active, true);
        assert.deepEqual([pat.client_id, pat.auth_time, pat.amr], [undefined, undefined, undefined]);
        assert.equal(pat.username, key.username);
      }),
  },
  {
    name: 'several client authentications at once are no error: Basic wins',
    quirk: 1,
    run: (target) =>
      asOwner(target, async (wire) => {
        const { userId, username } = await machine(wire, await organization(wire));
        const { clientSecret = '' } = await wire.call('user', 'AddSecret', { userId });
        const ask = (basic: string, form: string) =>
          postForm(
            target,
            '/oauth/v2/token',
            { grant_type: 'client_credentials', scope: apiScope, client_id: username, client_secret: form },
            { authorization: `Basic ${Buffer.from(`${username}:${basic}`).toString('base64')}` },
          );
        await eventually(async () => assert.equal((await ask(clientSecret, 'wrong')).status, 200));
        assert.equal((await ask('wrong', clientSecret)).status, 400);
        const nobody = await postForm(target, '/oauth/v2/token', {
          grant_type: 'client_credentials',
          scope: apiScope,
        });
        assert.deepEqual([nobody.status, nobody.body.error], [400, 'invalid_request']);
        const unknown = await postForm(target, '/oauth/v2/revoke', { token: 'x' });
        assert.deepEqual([unknown.status, unknown.body.error], [400, 'invalid_request']);
      }),
  },
  {
    name: 'an unknown host is told in plain text, an unknown service as JSON, an unknown method as text',
    quirk: 13,
    run: async (target) => {
      const post = (path: string) =>
        target.fetch(target.issuer + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        });
      const service = await post('/zitadel.unheard.v2.UnheardService/Do');
      assert.equal(service.status, 404);
      assert.deepEqual(await service.json(), { code: 5, message: 'Not Found' });
      const method = await post('/zitadel.user.v2.UserService/Unheard');
      assert.equal(method.status, 404);
      assert.match(method.headers.get('content-type') ?? '', /^text\/plain/);
      await method.text();
      const url = new URL('/.well-known/openid-configuration', target.issuer);
      if (url.hostname !== 'localhost') return;
      url.hostname = '127.0.0.1';
      const elsewhere = await target.fetch(url);
      assert.equal(elsewhere.status, 404);
      assert.match(elsewhere.headers.get('content-type') ?? '', /^text\/plain/);
      await elsewhere.text();
    },
  },
];
