import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handlers } from '../../src/zitadel/handlers/index.ts';
import { OrderedIds } from '../../src/zitadel/projections/ordered-ids.ts';
import { IdGenerator } from '../../src/zitadel/store/index.ts';
import { emulatorForTests } from './support.ts';

const { emulator, call } = emulatorForTests();

const names = fc.constantFrom(
  ...['userId', 'organizationId', 'projectId', 'applicationId', 'id', 'name', 'roleKey', 'roleKeys', 'query'],
  ...['queries', 'filters', 'pagination', 'limit', 'human', 'machine', 'profile', 'email', 'metadata', 'key'],
  ...['resource', 'roles', 'sessionId', 'checks', 'user', 'lifetime', 'expirationDate', 'domain', 'password'],
  ...['oidcConfiguration', 'apiConfiguration', 'sortingColumn', 'displayName', 'username', 'keys', 'value'],
);
const leaf = fc.oneof(
  fc.constantFrom('', 'a', '1', 'Correct-Horse1', 'a@b.example', '2030-01-01T00:00:00Z', '3s', 'dg=='),
  fc.integer({ min: -1, max: 2_000 }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('tree'), { maxLength: 2 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 5 }),
  ),
}));
const body = fc.dictionary(names, tree, { maxKeys: 8 });

describe('any request', () => {
  it('is answered or refused, and never breaks a handler', async () => {
    const methods = fc.constantFrom(...handlers.keys());
    await fc.assert(
      fc.asyncProperty(methods, body, async (method, request) => {
        const answer = await call(method, request);
        expect([method, answer.status >= 500 ? answer.body : 'fine']).toEqual([method, 'fine']);
      }),
      { numRuns: 800 },
    );
  }, 60_000);

  it('leaves the administrator able to act', async () => {
    const { userId } = emulator.bootstrap.serviceAccountKey;
    expect((await call('zitadel.user.v2.UserService/GetUserByID', { userId })).status).toBe(200);
  });
});

describe('ids', () => {
  it('are 18 digits and only grow, whatever the clock does', () => {
    const steps = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(steps, (moves) => {
        let now = Date.UTC(2026, 0, 1);
        const ids = new IdGenerator(() => now);
        const made = moves.map((move) => {
          now += move;
          return ids.next();
        });
        expect(made.every((id) => /^[1-9]\d{17}$/.test(id))).toBe(true);
        expect(made).toEqual([...new Set(made)].toSorted());
      }),
    );
  });

  it('are not made again by a log that is reopened', () => {
    const now = () => Date.UTC(2026, 0, 1);
    const last = new IdGenerator(now).next();
    expect(new IdGenerator(now, now()).next() > last).toBe(true);
  });

  it('stay in order however they are added and removed', () => {
    const change = fc.tuple(fc.boolean(), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const ordered = new OrderedIds();
        const model = new Set<string>();
        for (const [adds, id] of changes) {
          if (adds) {
            ordered.add(id);
            model.add(id);
          } else {
            ordered.remove(id);
            model.delete(id);
          }
        }
        expect(ordered.values()).toEqual([...model].toSorted());
      }),
    );
  });
});
