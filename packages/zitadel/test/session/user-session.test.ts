import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUserSession, openSessionStore, type PausePoint } from '../../src/index.ts';
import { accessLifeMs, sessionIssuer, temporaryFolder } from '../support/session-issuer.ts';

/** A session on a machine of its own, at an issuer of its own. */
async function world() {
  const clock = new ManualClock();
  const issuer = sessionIssuer(clock);
  const store = await openSessionStore({ folder: await temporaryFolder(), keyring: false });
  const crash: { at?: PausePoint } = {};
  const pause = async (point: PausePoint) => {
    if (crash.at === point) throw new Error('killed');
  };
  const session = createUserSession({ signIn: issuer.signIn, store, clock, pause });
  const asking = { interactive: issuer.interactive, terminal: true };
  return { clock, issuer, store, crash, session, asking, key: issuer.signIn };
}

describe('the session of a person', () => {
  it('is what is stored, else refreshed, else asked for', async () => {
    const { session, asking, issuer, clock } = await world();
    await expect(session.get()).rejects.toMatchObject({ code: 'not_signed_in' });
    const first = await session.get(asking);
    expect((await session.get()).accessToken.expose()).toBe(first.accessToken.expose());
    clock.advance(accessLifeMs - 30_000); // less than what is asked for
    const second = await session.get();
    expect(second.accessToken.expose()).toBe(issuer.state.access);
    expect(issuer.state).toMatchObject({ asked: 1, refreshes: 1 });
    issuer.state.refresh = 'revoked elsewhere';
    clock.advance(accessLifeMs);
    await expect(session.get()).rejects.toMatchObject({ code: 'not_signed_in' });
    expect(await session.peek()).toBeUndefined();
    await session.get(asking);
    expect(issuer.state.asked).toBe(2);
  });

  it('nobody is asked without a terminal', async () => {
    const { session, issuer } = await world();
    const { interactive } = issuer;
    await expect(session.get({ interactive })).rejects.toMatchObject({
      code: 'not_signed_in',
      why: expect.stringContaining('terminal'),
    });
    expect(issuer.state.asked).toBe(0);
  });

  it('an outage is not the end of a session', async () => {
    const { session, asking, issuer, clock } = await world();
    await session.get(asking);
    clock.advance(accessLifeMs);
    issuer.state.outage = true;
    await expect(session.get(asking)).rejects.toMatchObject({ code: 'unreachable' });
    issuer.state.outage = false;
    expect((await session.get()).subject).toBe('ada');
    expect(issuer.state.asked).toBe(1);
  });

  it('S26 belongs to who signed in first, unless the user is switched', async () => {
    const { session, asking, issuer } = await world();
    await session.get(asking);
    issuer.state.user = 'mallory';
    await expect(session.get({ ...asking, again: true })).rejects.toMatchObject({
      code: 'sign_in_wrong_user',
    });
    expect(issuer.state.revoked).toEqual(['refresh_token']);
    expect(await session.peek()).toMatchObject({ subject: 'ada' });
    expect(await session.get({ ...asking, again: true, switchUser: true })).toMatchObject({
      subject: 'mallory',
    });
  });

  it('S26 is held to that after it ended as well, until logout', async () => {
    const { session, asking, issuer, clock } = await world();
    await session.get(asking);
    clock.advance(accessLifeMs);
    issuer.state.refresh = undefined;
    issuer.state.user = 'mallory';
    await expect(session.get(asking)).rejects.toMatchObject({ code: 'sign_in_wrong_user' });
    await session.logout();
    expect(await session.get(asking)).toMatchObject({ subject: 'mallory' });
  });

  it('S33 logout revokes and then forgets, and says what it could not revoke', async () => {
    const { session, asking, issuer } = await world();
    await session.get(asking);
    expect(await session.logout()).toEqual({
      wasSignedIn: true,
      revoked: ['refresh_token', 'access_token'],
      notRevoked: [],
    });
    await session.get(asking);
    issuer.state.outage = true;
    expect(await session.logout()).toEqual({
      wasSignedIn: true,
      revoked: [],
      notRevoked: [
        { token: 'refresh_token', code: 'unreachable' },
        { token: 'access_token', code: 'unreachable' },
      ],
    });
    expect(await session.peek()).toBeUndefined();
    expect((await session.logout()).wasSignedIn).toBe(false);
  });

  it('S29 many in one process refresh once, and none fails', async () => {
    const { issuer, store, asking } = await world();
    const real = createUserSession({ signIn: issuer.signIn, store });
    issuer.state.access = undefined;
    const one = await real.get({ ...asking, minValidityMs: -Number.MAX_SAFE_INTEGER });
    // The manual clock stands years before the real one: the session is expired for everyone.
    expect(one.subject).toBe('ada');
    const all = await Promise.all(
      Array.from({ length: 20 }, () => real.get({ minValidityMs: -Number.MAX_SAFE_INTEGER })),
    );
    expect(new Set(all.map(({ accessToken }) => accessToken.expose())).size).toBe(1);
  });

  it('those who waited for a sign-in that was denied are not asked again', async () => {
    const { issuer, store, clock } = await world();
    issuer.state.answer = 'deny';
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let decide: () => void = () => undefined;
    const decided = new Promise<void>((resolve) => {
      decide = resolve;
    });
    const slow: typeof issuer.interactive = async (how) => {
      begin();
      await decided;
      return issuer.interactive(how);
    };
    const session = createUserSession({
      signIn: issuer.signIn,
      store,
      clock: { now: () => clock.now(), sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    });
    const first = session.get({ interactive: slow, terminal: true });
    await begun;
    let waiting = 0;
    const others = Array.from({ length: 5 }, () =>
      session.get({
        interactive: issuer.interactive,
        terminal: true,
        onWaiting: () => {
          waiting += 1;
          if (waiting === 5) decide();
        },
      }),
    );
    const results = await Promise.allSettled([first, ...others]);
    expect(
      results.every((result) => result.status === 'rejected' && result.reason.code === 'sign_in_denied'),
    ).toBe(true);
    expect(issuer.state.asked).toBe(1);
  });
});

describe('S29 whatever happens, in any order', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 2 * accessLifeMs }) }),
    fc.record({ do: fc.constant('get' as const), ask: fc.boolean(), deny: fc.boolean() }),
    fc.record({
      do: fc.constant('crash' as const),
      at: fc.constantFrom<PausePoint>('intent', 'received', 'stored'),
    }),
    fc.constant({ do: 'outage' as const }),
    fc.constant({ do: 'revoke' as const }),
    fc.constant({ do: 'logout' as const }),
  );

  it('a token that is handed out is good, a get asks at most once, and the next one never loops', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { session, issuer, clock, crash, asking } = await world();
        const get = async (request: Parameters<typeof session.get>[0]) => {
          const asked = issuer.state.asked;
          const result = await session.get(request).catch((error: unknown) => DrawbridgeError.from(error));
          expect(issuer.state.asked - asked).toBeLessThanOrEqual(1);
          if (!(result instanceof DrawbridgeError)) {
            const revokedElsewhere = issuer.state.access === undefined;
            if (!revokedElsewhere) expect(result.accessToken.expose()).toBe(issuer.state.access);
            expect(result.accessExpiresAt).toBeGreaterThan(clock.now() + 60_000);
          }
          return result;
        };
        for (const one of steps) {
          if (one.do === 'wait') clock.advance(one.ms);
          else if (one.do === 'outage') issuer.state.outage = !issuer.state.outage;
          else if (one.do === 'revoke') issuer.state.refresh = undefined;
          else if (one.do === 'logout') await session.logout();
          else if (one.do === 'crash') {
            crash.at = one.at;
            await get({});
            delete crash.at;
          } else {
            issuer.state.answer = one.deny ? 'deny' : 'allow';
            await get(one.ask ? asking : {});
          }
        }
        issuer.state.outage = false;
        issuer.state.answer = 'allow';
        expect(await get(asking)).not.toBeInstanceOf(DrawbridgeError);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
