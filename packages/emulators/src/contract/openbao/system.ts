import assert from 'node:assert/strict';
import type { HealthBody, SealStatusBody } from '@drawbridge/openbao';
import type { OpenbaoContractCase } from './target.ts';
import { unique, withWire } from './wire.ts';

/** What holds for the server, its mounts and namespaces. */
export const systemCases: readonly OpenbaoContractCase[] = [
  {
    name: 'openbao_health: an active server says so to anybody, and bends its status to what is asked for',
    source: 'http/sys_health.go',
    run: withWire(async (wire) => {
      const answer = await wire.send('GET', '/sys/health', undefined, { token: '' });
      assert.equal(answer.status, 200);
      const { initialized, sealed, standby, server_time_utc } = answer.json as HealthBody;
      assert.deepEqual([initialized, sealed, standby], [true, false, false]);
      assert.ok(server_time_utc > 1_700_000_000);
      assert.equal((await wire.send('GET', '/sys/health?activecode=299')).status, 299);
      const status = (await wire.send('GET', '/sys/seal-status', undefined, { token: '' })).json;
      assert.equal((status as SealStatusBody).sealed, false);
    }),
  },
  {
    name: 'health refuses the namespace header that seal-status takes',
    quirk: 1,
    source: 'http/handler.go',
    run: withWire(async (wire) => {
      const namespace = unique('ns');
      await wire.send('POST', `/sys/namespaces/${namespace}`, {});
      wire.undo(() => wire.send('DELETE', `/sys/namespaces/${namespace}`));
      const text = 'operation unavailable in namespaces';
      await wire.refused(400, [text], 'GET', '/sys/health', undefined, { namespace });
      assert.equal((await wire.send('GET', '/sys/seal-status', undefined, { namespace })).status, 200);
    }),
  },
  {
    name: 'there are three kinds of 404: nothing there, nothing mounted, and a path that the mount does not know',
    quirk: 2,
    source: 'vault/routing/router.go',
    run: withWire(async (wire) => {
      const kv = await wire.kv();
      await wire.refused(404, [], 'GET', `/${kv}/data/nope`);
      await wire.refused(404, [/^no handler for route "nope\/x"/], 'GET', '/nope/x');
      await wire.refused(404, [/\* unsupported path/], 'GET', '/auth/token/nope');
      await wire.refused(404, ['namespace not found'], 'GET', '/sys/auth', undefined, { namespace: 'nope' });
    }),
  },
  {
    name: 'no token and a bad one are 403 in plain words, what no policy allows is 403 in a list, whatever is mounted there',
    quirk: 3,
    source: 'vault/request_handling.go',
    run: withWire(async (wire) => {
      await wire.refused(403, ['permission denied'], 'GET', '/secret/data/x', undefined, { token: '' });
      await wire.refused(403, ['permission denied'], 'GET', '/nope/x', undefined, { token: 'bad' });
      const { client_token: token } = await wire.token({ policies: ['default'] });
      for (const path of ['/secret/data/x', '/nope/x', '/sys/auth'])
        await wire.refused(403, [/^1 error occurred:\n\t\* permission denied/], 'GET', path, undefined, {
          token,
        });
    }),
  },
  {
    name: 'mounts: a path is taken once, unknown types and missing mounts are 400, taking away what is not there is fine',
    quirk: 4,
    source: 'vault/logical_system.go',
    run: withWire(async (wire) => {
      const mount = await wire.method('userpass');
      const taken = `path is already in use at ${mount}/`;
      await wire.refused(400, [taken], 'POST', `/sys/auth/${mount}`, { type: 'jwt' });
      const unknown = 'plugin not found in the catalog: zz';
      await wire.refused(400, [unknown], 'POST', '/sys/auth/zz', { type: 'zz' });
      await wire.refused(400, ['No auth engine at zz/'], 'GET', '/sys/auth/zz');
      await wire.refused(400, ['No secret engine mount at zz/'], 'GET', '/sys/mounts/zz');
      await wire.done('DELETE', '/sys/auth/zz');
      const methods = await wire.data<Record<string, { type: string }>>('GET', '/sys/auth');
      assert.equal(methods[`${mount}/`]?.type, 'userpass');
      assert.equal(methods['token/']?.type, 'token');
    }),
  },
  {
    name: 'a namespace has methods, engines and policies of its own, by header and by path alike',
    source: 'vault/namespace_store.go',
    run: withWire(async (wire) => {
      const namespace = unique('ns');
      await wire.data('POST', `/sys/namespaces/${namespace}`, {});
      wire.undo(() => wire.send('DELETE', `/sys/namespaces/${namespace}`));
      await wire.done('POST', '/sys/auth/userpass', { type: 'userpass' }, { namespace });
      wire.undo(() => wire.send('DELETE', '/sys/auth/userpass', undefined, { namespace }));
      const inside = await wire.data<Record<string, unknown>>('GET', `/${namespace}/sys/auth`);
      assert.deepEqual(Object.keys(inside).toSorted(), ['token/', 'userpass/']);
      const policy = 'path "secret/*" { capabilities = ["read"] }';
      await wire.done('PUT', '/sys/policies/acl/inner', { policy }, { namespace });
      await wire.refused(404, [], 'GET', '/sys/policies/acl/inner');
    }),
  },
  {
    name: 'initializing and unsealing what is open: shares are asked for first, and a key must be one',
    source: 'http/sys_init.go',
    run: withWire(async (wire) => {
      await wire.refused(400, [/shares must be at least one/], 'PUT', '/sys/init', {});
      await wire.refused(400, [/'key' must be specified/], 'PUT', '/sys/unseal', {});
    }),
  },
];
