import { DrawbridgeError } from '@drawbridge/kit';
import { deactivatedByKey, type FoundUser, type Zitadel } from '@drawbridge/zitadel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settleState } from '../../../src/controllers/reconcilers/user-state.ts';

type State = FoundUser['state'];

/** A user of a Zitadel that may fail at any call. */
function userOf(state: State, mark?: string) {
  const metadata = new Map<string, string>(mark === undefined ? [] : [[deactivatedByKey, mark]]);
  let present = state;
  let failAfter = Number.POSITIVE_INFINITY;
  const call = () => {
    failAfter -= 1;
    if (failAfter < 0) throw new DrawbridgeError('unreachable');
  };
  const users = {
    async metadata() {
      call();
      return new Map(metadata);
    },
    async setMetadata(_id: string, values: Readonly<Record<string, string>>) {
      call();
      for (const [key, value] of Object.entries(values)) metadata.set(key, value);
    },
    async removeMetadata(_id: string, keys: readonly string[]) {
      call();
      for (const key of keys) metadata.delete(key);
    },
    async deactivate() {
      call();
      const changed = present !== 'USER_STATE_INACTIVE';
      present = 'USER_STATE_INACTIVE';
      return { changed };
    },
    async reactivate() {
      call();
      present = 'USER_STATE_ACTIVE';
      return { changed: true };
    },
  };
  return {
    zitadel: { users } as unknown as Pick<Zitadel, 'users'>,
    get state() {
      return present;
    },
    set state(next: State) {
      present = next;
    },
    get mark() {
      return metadata.get(deactivatedByKey);
    },
    set mark(next: string | undefined) {
      if (next === undefined) metadata.delete(deactivatedByKey);
      else metadata.set(deactivatedByKey, next);
    },
    /** Calls from now on that still work. */
    breakAfter(calls: number) {
      failAfter = calls;
    },
    found: () => ({ userId: 'u', state: present, organizationId: 'o' }) as FoundUser,
  };
}

const context = { write: <T>(work: () => Promise<T>) => work(), call: {} };

describe('the state of a user', () => {
  it('is settled whatever breaks off, and nothing that others did is ever undone (F11)', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('ours' as const),
        hold: fc.boolean(),
        breakAfter: fc.integer({ min: 0, max: 6 }),
      }),
      fc.record({ kind: fc.constant('others deactivate' as const) }),
      fc.record({ kind: fc.constant('others activate' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const user = userOf('USER_STATE_ACTIVE');
        /** Whether whoever made the user inactive last was not us. */
        let byOthers = false;
        let held = false;
        const settle = async () => {
          const before = user.state;
          const state = await settleState(
            user.zitadel,
            user.found(),
            { holds: held ? ['d'] : [], released: held ? [] : ['d'], wasHeld: true },
            context,
          );
          if (before === 'USER_STATE_INACTIVE' && user.state === 'USER_STATE_ACTIVE')
            expect(byOthers).toBe(false);
          return state;
        };
        for (const one of steps) {
          if (one.kind === 'others deactivate') {
            if (user.state !== 'USER_STATE_INACTIVE') {
              // A person in Zitadel knows no marks; one that is left of ours would be a lie.
              if (user.mark !== undefined) continue;
              user.state = 'USER_STATE_INACTIVE';
              byOthers = true;
            }
          } else if (one.kind === 'others activate') {
            if (user.state === 'USER_STATE_INACTIVE') {
              user.state = 'USER_STATE_ACTIVE';
              byOthers = false;
            }
          } else {
            held = one.hold;
            const was = user.state;
            user.breakAfter(one.breakAfter);
            await settle().catch((error: unknown) => expect(error).toMatchObject({ code: 'unreachable' }));
            user.breakAfter(Number.POSITIVE_INFINITY);
            if (was !== 'USER_STATE_INACTIVE' && user.state === 'USER_STATE_INACTIVE') byOthers = false;
          }
        }
        // Once everything answers, one look is enough.
        const state = await settle();
        if (held) expect(user.state).toBe('USER_STATE_INACTIVE');
        else if (byOthers) expect([state, user.state]).toEqual(['inactive-elsewhere', 'USER_STATE_INACTIVE']);
        else expect([state, user.state, user.mark]).toEqual(['active', 'USER_STATE_ACTIVE', undefined]);
        expect(await settle()).toBe(held ? (byOthers ? 'inactive-elsewhere' : 'deactivated') : state);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['directory:7', 'controller:of-another-cluster', undefined])(
    'stays inactive where the mark is %s',
    async (mark) => {
      const user = userOf('USER_STATE_INACTIVE', mark);
      const wanted = { holds: [], released: ['d'], wasHeld: true };
      expect(await settleState(user.zitadel, user.found(), wanted, context)).toBe('inactive-elsewhere');
      expect([user.state, user.mark]).toEqual(['USER_STATE_INACTIVE', mark]);
    },
  );

  it('passes the mark on to what still holds, and takes over what the Go provider left without one', async () => {
    const held = userOf('USER_STATE_INACTIVE', 'controller:one');
    const passed = { holds: ['two'], released: ['one'], wasHeld: true };
    expect(await settleState(held.zitadel, held.found(), passed, context)).toBe('deactivated');
    expect(held.mark).toBe('controller:two');
    const former = userOf('USER_STATE_INACTIVE');
    const taken = { holds: ['one'], released: [], wasHeld: false, former: 'one' };
    expect(await settleState(former.zitadel, former.found(), taken, context)).toBe('deactivated');
    expect(former.mark).toBe('controller:one');
  });

  it('takes its mark back where somebody else was faster', async () => {
    const user = userOf('USER_STATE_ACTIVE');
    const read = user.found();
    user.state = 'USER_STATE_INACTIVE';
    const wanted = { holds: ['d'], released: [], wasHeld: false };
    expect(await settleState(user.zitadel, read, wanted, context)).toBe('inactive-elsewhere');
    expect(user.mark).toBeUndefined();
  });

  it.each([
    ['USER_STATE_INITIAL', 'never-set-up'],
    ['USER_STATE_LOCKED', 'deactivated'],
  ] as const)('of %s becomes %s when it is held', async (from, to) => {
    const user = userOf(from);
    expect(
      await settleState(user.zitadel, user.found(), { holds: ['d'], released: [], wasHeld: false }, context),
    ).toBe(to);
  });
});
