import assert from 'node:assert/strict';
import type { OpenbaoContractCase } from './target.ts';
import { unique, withWire } from './wire.ts';

/** What holds for policies. */
export const policyCases: readonly OpenbaoContractCase[] = [
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
];
