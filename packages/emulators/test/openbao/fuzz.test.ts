import { createOpenbaoEmulator } from '@drawbridge/emulators';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const emulator = createOpenbaoEmulator();
beforeAll(() => emulator.start());
afterAll(() => emulator.stop());

const value = fc.oneof(
  fc.constantFrom('jwt', 'userpass', 'kv', '1h', '', 'default', 'root', true, null, 0, 1, -1, 1.5),
  fc.jsonValue({ maxDepth: 2 }),
);
const names = [
  'type',
  'data',
  'options',
  'versions',
  'policies',
  'policy',
  'ttl',
  'token',
  'password',
  'role_type',
];
const fields = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 });
const body = fc.oneof(
  fields.map((one) => JSON.stringify(one)),
  fc.string(),
  fc.constant(undefined),
);
// Dots would lead the URL elsewhere before it is sent.
const segment = fc.oneof(
  fc.constantFrom(
    'auth',
    'token',
    'create',
    'renew-self',
    'mounts',
    'data',
    'metadata',
    'a',
    'policies',
    'acl',
    '%zz',
  ),
  fc.webSegment().filter((text) => !/^(?:\.|%2e)+$/i.test(text)),
);
const path = fc
  .tuple(
    fc.constantFrom('sys', 'auth', 'secret', 'nothing'),
    fc.array(segment, { maxLength: 4 }).filter((rest) => rest[0] !== 'seal'),
  )
  .map(([first, rest]) => `/v1/${[first, ...rest].join('/')}`);

describe('the emulated OpenBao', () => {
  it('answers whatever it is sent with an answer of the API, and never breaks', async () => {
    const token = emulator.bootstrap.rootToken.expose();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
        path,
        body,
        async (method, target, content) => {
          const answer = await fetch(emulator.url + target, {
            method,
            headers: { 'x-vault-token': token, 'content-type': 'application/merge-patch+json' },
            ...(content === undefined || method === 'GET' ? {} : { body: content }),
          });
          const text = await answer.text();
          expect(text).not.toContain('internal error');
          if (text !== '') expect(typeof JSON.parse(text)).toBe('object');
        },
      ),
      { numRuns: 200 },
    );
    expect((await fetch(`${emulator.url}/v1/sys/health`)).status).toBe(200);
  });

  it('permits nothing that no rule names, whatever the rules are', async () => {
    const part = fc.constantFrom('a', 'b', '+', 'ab');
    const rule = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([parts, star]) => `zone/${parts.join('/')}${star ? '/*' : ''}`);
    const headers = { 'x-vault-token': emulator.bootstrap.rootToken.expose() };
    const post = async (at: string, content: unknown, token?: string) => {
      const answer = await fetch(`${emulator.url}/v1/${at}`, {
        method: 'POST',
        headers: token ? { 'x-vault-token': token } : headers,
        body: JSON.stringify(content),
      });
      return answer.status === 204
        ? undefined
        : ((await answer.json()) as { auth?: { client_token: string }; data: Record<string, string[]> });
    };
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(rule, { minLength: 1, maxLength: 4 }), async (rules) => {
        const policy = rules.map((one) => `path "${one}" { capabilities = ["read"] }`).join('\n');
        await post('sys/policies/acl/fuzz', { policy });
        const token = (await post('auth/token/create', { policies: ['fuzz'] }))?.auth?.client_token;
        const paths = ['other', 'zone', 'zone/a', 'zone/a/b', 'zone/ab/a', 'zone/b/b/b'];
        const may = await post('sys/capabilities-self', { paths }, token);
        for (const asked of paths) {
          const isNamed = rules.some((one) => asPattern(one).test(asked));
          expect(may?.data[asked], `${asked} by ${rules.join(', ')}`).toEqual([isNamed ? 'read' : 'deny']);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** What a path of a policy matches, said in another way than the emulator does. */
function asPattern(rule: string): RegExp {
  const body = rule.replace(/\*$/, '').replaceAll('+', '[^/]+');
  return new RegExp(`^${body}${rule.endsWith('*') ? '' : '$'}`);
}
