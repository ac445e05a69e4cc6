import assert from 'node:assert/strict';
import type { JwtRoleBody, TokenBody } from '@drawbridge/openbao';
import type { OpenbaoContractCase, OpenbaoContractTarget } from './target.ts';
import { unique, type Wire, withWire } from './wire.ts';

const tokenStore = 'vault/token_store.go';
const userpass = 'builtin/credential/userpass/path_login.go';
const jwtLogin = 'builtin/credential/jwt/path_login.go';
const jwtRole = 'builtin/credential/jwt/path_role.go';

/** What holds for tokens, policies and signing in. */
export const authCases: readonly OpenbaoContractCase[] = [
  {
    name: 'openbao_userpass_auth: who signs in writes and reads what the policy names, and nothing beside it',
    source: userpass,
    run: withWire(async (wire) => {
      const [kv, mount] = [await wire.kv(), await wire.method('userpass')];
      const policy = await wire.policy(
        `path "${kv}/data/harmony/*" { capabilities = ["create", "read", "update"] }\npath "${kv}/metadata/harmony/*" { capabilities = ["list"] }`,
      );
      await wire.done('POST', `/auth/${mount}/users/Ada`, { password: 'pw', token_policies: [policy] });
      const auth = await wire.auth(`/auth/${mount}/login/ada`, { password: 'pw' }, { token: '' });
      assert.deepEqual(auth.policies.toSorted(), ['default', policy].toSorted());
      assert.deepEqual(auth.metadata, { username: 'ada' });
      assert.equal(auth.lease_duration, 2_764_800);
      const as = { token: auth.client_token };
      await wire.data('POST', `/${kv}/data/harmony/a`, { data: { x: 1 } }, as);
      await wire.data('GET', `/${kv}/data/harmony/a`, undefined, as);
      await wire.data('GET', `/${kv}/metadata/harmony?list=true`, undefined, as);
      for (const path of [`/${kv}/data/other/a`, `/${kv}/metadata/harmony/a`])
        await wire.refused(403, [/permission denied/], 'GET', path, undefined, as);
      await wire.refused(403, [/permission denied/], 'DELETE', `/${kv}/data/harmony/a`, undefined, as);
    }),
  },
  {
    name: 'a refused sign-in is 400, one without a password 500',
    quirk: 10,
    source: userpass,
    run: withWire(async (wire) => {
      const mount = await wire.method('userpass');
      const missing = 'must provide either password or password_hash';
      await wire.refused(400, [missing], 'POST', `/auth/${mount}/users/ada`, {});
      await wire.done('POST', `/auth/${mount}/users/ada`, { password: 'pw' });
      for (const name of ['ada', 'nobody'])
        await wire.refused(400, ['invalid username or password'], 'POST', `/auth/${mount}/login/${name}`, {
          password: 'no',
        });
      await wire.refused(500, ['missing password'], 'POST', `/auth/${mount}/login/ada`, {});
      // Nobody learns what is not mounted.
      const nobody = { token: '' };
      await wire.refused(403, ['permission denied'], 'POST', '/auth/nope/login', {}, nobody);
    }),
  },
  {
    name: 'a token is renewed within its last end, and not at all, with 204, once its user is gone',
    quirk: 11,
    source: userpass,
    run: withWire(async (wire) => {
      const mount = await wire.method('userpass');
      const fields = { password: 'pw', token_ttl: '1h', token_max_ttl: '2h' };
      await wire.done('POST', `/auth/${mount}/users/ada`, fields);
      const auth = await wire.auth(`/auth/${mount}/login/ada`, { password: 'pw' });
      const as = { token: auth.client_token };
      assert.equal(auth.lease_duration, 3_600);
      const renewed = await wire.auth('/auth/token/renew-self', { increment: '9h' }, as);
      assert.ok(renewed.lease_duration > 3_600 && renewed.lease_duration <= 7_200);
      await wire.done('DELETE', `/auth/${mount}/users/ada`);
      await wire.done('POST', '/auth/token/renew-self', {}, as);
      await wire.done('POST', '/auth/token/revoke-self', {}, as);
      await wire.refused(403, ['permission denied'], 'GET', '/auth/token/lookup-self', undefined, as);
    }),
  },
  {
    name: 'a token takes its children with it, but no orphan',
    source: tokenStore,
    run: withWire(async (wire) => {
      const creator = await wire.policy(
        'path "auth/token/*" { capabilities = ["create", "update", "sudo"] }',
      );
      const parent = await wire.token({ policies: [creator] });
      const as = { token: parent.client_token };
      const child = await wire.auth('/auth/token/create', { policies: ['default'] }, as);
      const orphan = await wire.auth('/auth/token/create-orphan', { policies: ['default'] }, as);
      wire.undo(() => wire.send('POST', '/auth/token/revoke', { token: orphan.client_token }));
      assert.deepEqual([child.orphan, orphan.orphan], [false, true]);
      await wire.done('POST', '/auth/token/revoke', { token: parent.client_token });
      const self = (token: string) => wire.send('GET', '/auth/token/lookup-self', undefined, { token });
      assert.equal((await self(child.client_token)).status, 403);
      assert.equal((await self(orphan.client_token)).status, 200);
    }),
  },
  {
    name: 'tokens that are not there: a lookup is 403, a renewal 400, a revocation fine; accessors are 400, and a warning',
    quirk: 12,
    source: tokenStore,
    run: withWire(async (wire) => {
      await wire.refused(403, ['bad token'], 'POST', '/auth/token/lookup', { token: 'nope' });
      await wire.refused(400, ['token not found'], 'POST', '/auth/token/renew', { token: 'nope' });
      await wire.done('POST', '/auth/token/revoke', { token: 'nope' });
      const invalid = /\* invalid accessor/;
      await wire.refused(400, [invalid], 'POST', '/auth/token/lookup-accessor', { accessor: 'nope' });
      const revoked = await wire.send('POST', '/auth/token/revoke-accessor', { accessor: 'nope' });
      assert.equal(revoked.status, 200);
      const shown = await wire.token({ policies: ['default'], ttl: '1h', meta: { a: 'b' } });
      const info = await wire.data<TokenBody>('POST', '/auth/token/lookup-accessor', {
        accessor: shown.accessor,
      });
      assert.deepEqual([info.id, info.meta, info.creation_ttl], ['', { a: 'b' }, 3_600]);
    }),
  },
  {
    name: 'policies: the most exact path decides alone, deny beats all at the same path, + is one segment',
    source: 'vault/policy/acl.go',
    run: withWire(async (wire) => {
      const policy = await wire.policy(`
        # The longest prefix wins
        path "p/*" { capabilities = ["read", "list"] }
        path "p/q/*" { capabilities = ["update"] }
        path "p/+/r" { capabilities = ["delete"] }
        path "p/exact" { capabilities = ["create"] }`);
      const denial = await wire.policy('path "p/q/*" { capabilities = ["deny"] }');
      const asked = ['p/a', 'p/q/a', 'p/x/r', 'p/exact', 'other'];
      const may = async (policies: readonly string[]) => {
        const { client_token: token } = await wire.token({ policies });
        return wire.data<Record<string, readonly string[]>>(
          'POST',
          '/sys/capabilities-self',
          { paths: asked },
          { token },
        );
      };
      assert.deepEqual(await may([policy]), {
        'p/a': ['list', 'read'],
        'p/q/a': ['update'],
        'p/x/r': ['delete'],
        'p/exact': ['create'],
        other: ['deny'],
      });
      assert.deepEqual((await may([policy, denial]))['p/q/a'], ['deny']);
    }),
  },
  {
    name: 'policies that are not understood are 400, and default and root stay',
    source: 'vault/policy/policy_store.go',
    run: withWire(async (wire) => {
      const put = (policy: string) => ['PUT', '/sys/policies/acl/x', { policy }] as const;
      for (const text of ['path "a" {', 'pth "a" {}', 'path "x" { capabilities = ["zz"] }'])
        await wire.refused(400, [/^failed to parse policy: /], ...put(text));
      await wire.refused(400, ["'policy' parameter not supplied or empty"], ...put(''));
      await wire.refused(400, ['cannot delete default policy'], 'DELETE', '/sys/policies/acl/default');
      await wire.refused(404, [], 'GET', `/sys/policies/acl/${unique('nope')}`);
    }),
  },
  {
    name: 'a JWT method has exactly one source of keys, fetches them when it is configured, and tells little of why it cannot',
    quirk: 13,
    source: 'builtin/credential/jwt/path_config.go',
    run: withWire(async (wire) => {
      const mount = await wire.method('jwt');
      await wire.refused(404, [], 'GET', `/auth/${mount}/config`);
      const put = (body: object) => ['POST', `/auth/${mount}/config`, body] as const;
      await wire.refused(400, [/^exactly one of /], ...put({}));
      const nowhere = 'http://127.0.0.1:1';
      await wire.refused(400, ['error checking oidc discovery URL'], ...put({ oidc_discovery_url: nowhere }));
      await wire.refused(400, ['error checking jwks URL'], ...put({ jwks_url: nowhere }));
      await wire.refused(400, ['could not load configuration'], 'POST', `/auth/${mount}/login`, {
        role: 'x',
        jwt: 'y',
      });
    }),
  },
  {
    name: 'a role without role_type is one for browsers, and needs a user claim and something to be bound to',
    quirk: 14,
    source: jwtRole,
    run: withWire(async (wire) => {
      const mount = await wire.method('jwt');
      const put = (body: object) => ['POST', `/auth/${mount}/role/R`, body] as const;
      await wire.refused(
        400,
        [/'allowed_redirect_uris' must be set/],
        ...put({ user_claim: 'sub', bound_audiences: 'a' }),
      );
      await wire.refused(
        400,
        [/at least one bound constraint/],
        ...put({ role_type: 'jwt', user_claim: 'sub' }),
      );
      await wire.refused(
        400,
        ['a user claim must be defined on the role'],
        ...put({ role_type: 'jwt', bound_audiences: 'a' }),
      );
      const whole = {
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: 'a',
        token_ttl: '1h',
        bound_claims: { k: 'v' },
      };
      await wire.done(...put(whole));
      // A write merges; a role is found in any case.
      await wire.done(...put({ role_type: 'jwt', clock_skew_leeway: -1 }));
      const role = await wire.data<JwtRoleBody>('GET', `/auth/${mount}/role/r`);
      assert.deepEqual(
        [role.token_ttl, role.clock_skew_leeway, role.bound_audiences, role.bound_claims],
        [3_600, -1, ['a'], { k: 'v' }],
      );
    }),
  },
  {
    name: 'openbao_jwt_auth_configured: method, issuer and role are read back, and a token of the issuer signs in',
    source: jwtLogin,
    needs: ['issuer'],
    run: withWire(async (wire) => {
      const { mount, sign, login } = await configured(wire);
      const config = await wire.data<Record<string, unknown>>('GET', `/auth/${mount}/config`);
      assert.deepEqual([config.bound_issuer, config.status], [wire.target.issuer?.url, 'valid']);
      const role = await wire.data<JwtRoleBody>('GET', `/auth/${mount}/role/harmony-developer`);
      assert.deepEqual([role.role_type, role.bound_audiences], ['jwt', ['app']]);
      const auth = await wire.auth(...login(await sign({})), { token: '' });
      assert.deepEqual(auth.metadata, { role: 'harmony-developer' });
      const self = await wire.data<TokenBody>('GET', '/auth/token/lookup-self', undefined, {
        token: auth.client_token,
      });
      assert.deepEqual([self.display_name, self.path], [`${mount}-ada`, `auth/${mount}/login`]);
    }),
  },
  {
    name: 'a JWT that does not count is 400, with what is wrong: signature, issuer, audience, time, claims, role',
    quirk: 15,
    source: jwtLogin,
    needs: ['issuer'],
    run: withWire(async (wire) => {
      const { sign, login } = await configured(wire);
      const now = Math.floor(Date.now() / 1_000);
      const refused = async (jwt: string, text: string | RegExp, role?: string) =>
        wire.refused(400, [text], 'POST', ...login(jwt, role), { token: '' });
      await refused('y', /^error validating token: error verifying token signature: /);
      await refused(`${(await sign({})).slice(0, -8)}AAAAAAAA`, /error verifying token signature/);
      await refused(
        await sign({ iss: 'https://other' }),
        'error validating token: invalid issuer (iss) claim',
      );
      await refused(await sign({ aud: ['other'] }), /invalid audience \(aud\) claim/);
      await refused(await sign({ exp: now - 20 }), /invalid expiration time \(exp\) claim/);
      await refused(await sign({ nbf: now + 60 }), /invalid not before \(nbf\) claim/);
      await refused(
        await sign({ team: 'red' }),
        /claim "team" does not match any associated bound claim values/,
      );
      await refused(await sign({ team: undefined }), /claim "team" is missing/);
      await refused(await sign({ sub: undefined }), 'claim "sub" not found in token');
      await refused(await sign({}), 'role "nope" could not be found', 'nope');
    }),
  },
  {
    name: 'the clock skew is the only tolerance: a role with 10 seconds takes a token 5 seconds late, and none 20 seconds late',
    quirk: 16,
    source: jwtLogin,
    needs: ['issuer'],
    run: withWire(async (wire) => {
      const { sign, login } = await configured(wire);
      const now = Math.floor(Date.now() / 1_000);
      await wire.auth(...login(await sign({ exp: now - 5 })), { token: '' });
      await wire.refused(400, [/token is expired/], 'POST', ...login(await sign({ exp: now - 20 })));
    }),
  },
  {
    name: 'zitadel_openid_config: the discovery document names the issuer and a device_authorization_endpoint',
    source: 'builtin/credential/jwt/path_config.go',
    needs: ['zitadel'],
    run: async ({ fetch, zitadel = '' }: OpenbaoContractTarget) => {
      const answer = await fetch(`${zitadel}/.well-known/openid-configuration`);
      const document = (await answer.json()) as Readonly<Record<string, unknown>>;
      assert.equal(document.issuer, zitadel);
      assert.equal(typeof document.device_authorization_endpoint, 'string');
    },
  },
];

/** A JWT method with a role, and how to sign in there. */
async function configured(wire: Wire) {
  const issuer = wire.target.issuer;
  assert.ok(issuer);
  const mount = await wire.method('jwt');
  await wire.done('POST', `/auth/${mount}/config`, {
    oidc_discovery_url: issuer.url,
    bound_issuer: issuer.url,
  });
  await wire.done('POST', `/auth/${mount}/role/harmony-developer`, {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: ['app'],
    bound_claims: { team: 'blue' },
    clock_skew_leeway: 10,
    expiration_leeway: -1,
    not_before_leeway: -1,
  });
  const sign = (claims: Readonly<Record<string, unknown>>) => {
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: issuer.url, sub: 'ada', aud: ['app'], team: 'blue', iat: now - 60, exp: now + 300 };
    return issuer.sign({ ...usual, ...claims });
  };
  const login = (jwt: string, role = 'harmony-developer') => [`/auth/${mount}/login`, { role, jwt }] as const;
  return { mount, sign, login };
}
