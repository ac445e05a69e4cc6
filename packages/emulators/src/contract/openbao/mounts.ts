import assert from 'node:assert/strict';
import type { OpenbaoContractCase } from './target.ts';
import { unique, type Wire, withWire } from './wire.ts';

type Known = Readonly<Record<'secret' | 'auth', Readonly<Record<string, object>>>>;
const source = 'vault/logical_system.go';
const ui = '/sys/internal/ui/mounts';

/** What a caller may know of the mounts. */
export const mountCases: readonly OpenbaoContractCase[] = [
  {
    name: 'mounts: each caller is told the engine and version behind a path, as bao kv asks, where a policy reaches into it',
    source,
    run: withWire(async (wire) => {
      const mount = await wire.kv();
      for (const path of ['', '/', '/a/b']) {
        const told = await wire.data<Record<string, unknown>>('GET', `${ui}/${mount}${path}`);
        assert.deepEqual([told.path, told.type, told.options], [`${mount}/`, 'kv', { version: '2' }]);
      }
      const reader = await tokenFor(wire, `path "${mount}/data/a/*" { capabilities = ["read"] }`);
      const told = await wire.data<Record<string, unknown>>('GET', `${ui}/${mount}/z`, undefined, reader);
      assert.equal(told.path, `${mount}/`);
      await refused(wire, `${mount}x/a`);
      await refused(wire, `${unique('nope')}/a`, reader);
      for (const as of [{ token: '' }, { token: 's.nonsense' }])
        await wire.refused(403, ['permission denied'], 'GET', `${ui}/${mount}/a`, undefined, as);
    }),
  },
  {
    name: 'mounts: rules that grant nothing there tell nothing, but one that denies all that begins so tells',
    source,
    run: withWire(async (wire) => {
      const mount = await wire.kv();
      const rules: readonly (readonly [rule: string, told: boolean])[] = [
        [`path "${mount}/data/a" { capabilities = ["create"] }`, true],
        [`path "${mount}/data/a" { capabilities = ["deny"] }`, false],
        [`path "${mount}/data/a*" { capabilities = ["deny"] }`, false],
        [`path "${mount}/*" { capabilities = ["deny"] }`, true],
        [`path "${mount.slice(0, -2)}*" { capabilities = ["read"] }`, true],
        [`path "${mount}x/*" { capabilities = ["read"] }`, false],
        [`path "${mount}/+/a" { capabilities = ["list"] }`, true],
        [`path "+/data/a" { capabilities = ["list"] }`, true],
        [`path "other-+/data/a" { capabilities = ["list"] }`, false],
        [`path "${mount}/+/a" { capabilities = ["deny"] }`, false],
        [`path "${mount}/*" { capabilities = ["deny"] }\npath "none/+/a" { capabilities = ["read"] }`, false],
        [`path "${mount}" { capabilities = ["read"] }`, true],
      ];
      for (const [rule, isTold] of rules) {
        const as = await tokenFor(wire, rule);
        const { status } = await wire.send('GET', `${ui}/${mount}/a`, undefined, as);
        assert.deepEqual([rule, status], [rule, isTold ? 200 : 403]);
        const { secret } = await wire.data<Known>('GET', ui, undefined, as);
        assert.deepEqual([rule, `${mount}/` in secret], [rule, isTold]);
      }
    }),
  },
  {
    name: 'mounts: the list shows what a policy reaches, and without a token what is listed for everybody',
    source,
    run: withWire(async (wire) => {
      const [mount, method] = [await wire.kv(), await wire.method('userpass')];
      const all = await wire.data<Known>('GET', ui);
      assert.ok(`${mount}/` in all.secret && 'sys/' in all.secret);
      assert.ok(`${method}/` in all.auth && 'token/' in all.auth);
      const none = await wire.data<Known>('GET', ui, undefined, { token: '' });
      assert.ok(!(`${mount}/` in none.secret) && !(`${method}/` in none.auth));
      await wire.done('POST', `/sys/auth/${method}/tune`, { listing_visibility: 'unauth' });
      const some = await wire.data<Known>('GET', ui, undefined, { token: '' });
      assert.deepEqual(Object.keys(some.auth[`${method}/`] ?? {}).toSorted(), [
        'description',
        'options',
        'type',
      ]);
      await wire.refused(403, ['permission denied'], 'GET', ui, undefined, { token: 's.nonsense' });
      const reader = await tokenFor(wire, `path "auth/${method}/users/*" { capabilities = ["read"] }`);
      const told = await wire.data<{ readonly path: string }>(
        'GET',
        `${ui}/auth/${method}/users`,
        undefined,
        reader,
      );
      assert.equal(told.path, `${method}/`);
    }),
  },
];

async function tokenFor(wire: Wire, policy: string): Promise<{ readonly token: string }> {
  const policies = [await wire.policy(policy)];
  const { client_token: token } = await wire.token({ policies, no_default_policy: true });
  return { token };
}

async function refused(wire: Wire, path: string, as?: { readonly token: string }): Promise<void> {
  const text = `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`;
  await wire.refused(403, [text], 'GET', `${ui}/${path}`, undefined, as);
}
