import { createNetbirdEmulator } from '@drawbridge/emulators';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const emulator = createNetbirdEmulator();
beforeAll(() => emulator.start());
afterAll(() => emulator.stop());

const value = fc.oneof(
  fc.constantFrom('admin', 'OWNER', 'user', 'All', '', true, false, null, 0, 1, 365, -1, 1.5),
  fc.array(fc.constantFrom('x', '', 7)),
  fc.jsonValue({ maxDepth: 2 }),
);
const fields = fc.record(
  {
    role: value,
    auto_groups: value,
    is_blocked: value,
    is_service_user: value,
    name: value,
    email: value,
    expires_in: value,
    peers: value,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fields.map((one) => JSON.stringify(one)),
  fc.string(),
  fc.constant(undefined),
);
// Dots would lead the URL elsewhere before it is sent.
const segment = fc.oneof(
  fc.constantFrom('current', 'netbird-owner', '%zz', 'tokens', 'approve', 'invite'),
  fc.webSegment().filter((text) => !/^(?:\.|%2e)+$/i.test(text)),
);
const path = fc
  .tuple(
    fc.constantFrom('users', 'groups', 'peers', 'accounts', 'nothing'),
    fc.array(segment, { maxLength: 3 }),
  )
  .map(([first, rest]) => `/api/${[first, ...rest].join('/')}`);

describe('the emulated NetBird', () => {
  it('answers whatever it is sent with an answer of the API, and never breaks', async () => {
    const authorization = `Token ${emulator.bootstrap.token.expose()}`;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
        path,
        body,
        async (method, where, sent) => {
          const answer = await fetch(emulator.url + where, {
            method,
            headers: { authorization },
            ...(method === 'GET' || sent === undefined ? {} : { body: sent }),
          });
          const text = await answer.text();
          if (answer.headers.get('content-type')?.startsWith('text/plain')) {
            expect([answer.status, text]).toEqual([404, '404 page not found\n']);
            return;
          }
          const json = JSON.parse(text) as { message?: unknown; code?: unknown } | null;
          if (answer.status === 200) return;
          expect(json).toEqual({ message: expect.any(String), code: answer.status });
          // The one refusal that upstream lets through as 500 is that of another account's id.
          if (answer.status >= 500) expect(json?.message).toContain('not part of this account');
        },
      ),
      { numRuns: 400 },
    );
    expect((await fetch(`${emulator.url}/api/users`, { headers: { authorization } })).status).toBe(200);
  });
});
