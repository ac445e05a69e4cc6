import assert from 'node:assert/strict';
import type { JwtRoleBody, TokenBody } from '@drawbridge/openbao';
import type { OpenbaoContractCase, OpenbaoContractTarget } from './target.ts';
import { type Wire, withWire } from './wire.ts';

const jwtLogin = 'builtin/credential/jwt/path_login.go';
const jwtRole = 'builtin/credential/jwt/path_role.go';

/** What holds for signing in with the JWT of an issuer. */
export const jwtCases: readonly OpenbaoContractCase[] = [
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
