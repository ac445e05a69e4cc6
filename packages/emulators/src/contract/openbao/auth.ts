import assert from 'node:assert/strict';
import type { TokenBody } from '@drawbridge/openbao';
import type { OpenbaoContractCase } from './target.ts';
import { withWire } from './wire.ts';

const tokenStore = 'vault/token_store.go';
const userpass = 'builtin/credential/userpass/path_login.go';

/** What holds for tokens and for signing in with a password. */
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
];
