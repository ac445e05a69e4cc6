import assert from 'node:assert/strict';
import type { ConfigOverOpenbao, ConfigPlace, OpenbaoContractCase } from './target.ts';
import { type Wire, withWire } from './wire.ts';

/** What holds for a configuration manager over the server, with no more rights than a developer has. */
export const configCases: readonly OpenbaoContractCase[] = [
  {
    name: 'config_manager_openbao_backend: what is set is read back, the environment lies over it, and other folders are denied',
    source: 'builtin/logical/kv/path_data.go',
    needs: ['config'],
    run: withWire(async (wire) => {
      const { mount, open } = await developer(wire);
      const writer = open({});
      const value = { url: 'https://db', poolSize: 5 };
      assert.equal((await writer.set('database', value, { cas: 'absent' })).version, 1);
      assert.deepEqual(await writer.get('database'), { value, source: 'OpenBao' });
      await writer.set('billing/api-key', 'sk_1');
      assert.deepEqual(await writer.get('billing/api-key'), { value: 'sk_1', source: 'OpenBao' });
      assert.deepEqual(await writer.list(), ['billing/api-key', 'database']);
      // As bao kv get shows it.
      const raw = await wire.data<{ readonly data: unknown }>('GET', `/${mount}/data/harmony/dev/database`);
      assert.deepEqual(raw.data, value);
      const env = { DRAWBRIDGE_CONFIG_DATABASE__POOL_SIZE: '9', DRAWBRIDGE_CONFIG_BILLING_API_KEY: 'sk_2' };
      const reader = open({ env });
      assert.deepEqual((await reader.get('database')).value, { ...value, poolSize: 9 });
      assert.deepEqual(await reader.get('billing/api-key'), { value: 'sk_2', source: 'environment' });
      await assert.rejects(open({ app: 'other' }).get('database'), { code: 'openbao_denied' });
      await assert.rejects(writer.get('nothing'), { code: 'config_missing' });
    }),
  },
  {
    name: 'config_manager_openbao_backend: of two who change the same version one gets a conflict, also after a removal',
    source: 'builtin/logical/kv/path_data.go',
    needs: ['config'],
    run: withWire(async (wire) => {
      const { open } = await developer(wire);
      const [one, other] = [open({}), open({})];
      await one.set('flag', 1, { cas: 'absent' });
      await assert.rejects(other.set('flag', 2, { cas: 'absent' }), { code: 'config_conflict' });
      await other.set('flag', 2, { cas: 1 });
      await assert.rejects(one.set('flag', 3, { cas: 1 }), { code: 'config_conflict' });
      assert.equal((await one.unset('flag')).removed, true);
      assert.equal((await one.unset('flag')).removed, false);
      await assert.rejects(one.get('flag'), { code: 'config_missing' });
      assert.equal((await one.set('flag', 4, { cas: 'absent' })).version, 3);
    }),
  },
  {
    name: 'config_manager_openbao_backend: history and rollback need no right to metadata',
    source: 'builtin/logical/kv/path_data.go',
    needs: ['config'],
    run: withWire(async (wire) => {
      const { open } = await developer(wire);
      const config = open({});
      assert.deepEqual(await config.history('flag'), []);
      for (const value of ['a', 'b']) await config.set('flag', value);
      await config.unset('flag');
      const states = (await config.history('flag')).map(({ version, state }) => [version, state]);
      assert.deepEqual(states, [
        [2, 'deleted'],
        [1, 'present'],
      ]);
      assert.equal((await config.rollback('flag', 1)).version, 3);
      assert.equal((await config.get('flag')).value, 'a');
      await assert.rejects(config.rollback('flag', 9), { code: 'config_version_unknown' });
    }),
  },
  {
    name: 'config_manager_openbao_backend: a token of the issuer opens the store; a late one, and a role that is not there, do not',
    source: 'builtin/credential/jwt/path_login.go',
    needs: ['config', 'issuer'],
    run: withWire(async (wire) => {
      const { policy, open } = await developer(wire);
      const issuer = wire.target.issuer;
      assert.ok(issuer);
      const mount = await wire.method('jwt');
      const config = { oidc_discovery_url: issuer.url, bound_issuer: issuer.url };
      await wire.done('POST', `/auth/${mount}/config`, config);
      await wire.done('POST', `/auth/${mount}/role/harmony-developer`, {
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: ['app'],
        token_policies: [policy],
      });
      const now = Math.floor(Date.now() / 1_000);
      const jwt = await issuer.sign({ iss: issuer.url, sub: 'ada', aud: ['app'], iat: now, exp: now + 300 });
      const as = (token: string, role = 'harmony-developer') =>
        ({ kind: 'jwt', mount, role, jwt: token }) as const;
      const ada = open({ as: as(jwt) });
      await ada.set('greeting', 'hello');
      assert.equal((await ada.get('greeting')).value, 'hello');
      const late = await issuer.sign({
        iss: issuer.url,
        sub: 'ada',
        aud: ['app'],
        iat: now - 900,
        exp: now - 600,
      });
      await assert.rejects(open({ as: as(late) }).get('greeting'), { code: 'openbao_login_refused' });
      await assert.rejects(open({ as: as(jwt, 'nobody') }).get('greeting'), {
        code: 'openbao_login_refused',
      });
    }),
  },
];

/** A developer with the rights to one folder, and managers that come as them. They are closed with the wire. */
async function developer(wire: Wire) {
  const [mount, method] = [await wire.kv(), await wire.method('userpass')];
  const policy = await wire.policy(
    `path "${mount}/data/harmony/*" { capabilities = ["create", "read", "update", "patch", "delete"] }\npath "${mount}/metadata/harmony/*" { capabilities = ["list"] }`,
  );
  await wire.done('POST', `/auth/${method}/users/ada`, { password: 'pw', token_policies: [policy] });
  const open = (place: Partial<ConfigPlace>): ConfigOverOpenbao => {
    assert.ok(wire.target.config);
    const opened = wire.target.config({
      mount,
      app: 'harmony',
      environment: 'dev',
      as: { kind: 'userpass', mount: method, name: 'ada', password: 'pw' },
      env: {},
      ...place,
    });
    wire.undo(() => opened.close());
    return opened;
  };
  return { mount, policy, open };
}
