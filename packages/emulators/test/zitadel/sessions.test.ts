import { describe, expect, it } from 'vitest';
import { decodeBase32, totpCode, totpMatches } from '../../src/zitadel/totp.ts';
import { emulatorForTests, session, user } from './support.ts';

const { emulator, call } = emulatorForTests();

const totpSecret = 'JBSWY3DPEHPK3PXP';
const password = 'Correct-Horse1';
let count = 0;

async function person(): Promise<string> {
  const userId = `person-${++count}`;
  await call(user('CreateUser'), {
    organizationId: emulator.bootstrap.organizationId,
    userId,
    username: userId,
    human: {
      profile: { givenName: 'P', familyName: 'N' },
      email: { email: `${userId}@example.com`, isVerified: true },
      password: { password },
      totpSecret,
    },
  });
  return userId;
}

const codeNow = () => totpCode(decodeBase32(totpSecret) ?? Buffer.alloc(0), Date.now());

interface Made {
  readonly sessionId: string;
  readonly sessionToken: string;
}

async function signIn(userId: string, extra: object = {}): Promise<Made> {
  const checks = { user: { userId }, password: { password } };
  const { body } = await call(session('CreateSession'), { checks, ...extra });
  return body as unknown as Made;
}

const read = async (sessionId: string) => {
  const { body } = await call(session('GetSession'), { sessionId });
  return body.session as { factors: Record<string, unknown>; expirationDate?: string };
};

describe('factors of a session', () => {
  it('are added one by one, with a new token each time', async () => {
    const userId = await person();
    const { sessionId, sessionToken } = await signIn(userId);
    expect(Object.keys((await read(sessionId)).factors).toSorted()).toEqual(['password', 'user']);
    const more = await call(session('SetSession'), { sessionId, checks: { totp: { code: codeNow() } } });
    expect(more.body.sessionToken).not.toBe(sessionToken);
    expect((await read(sessionId)).factors).toHaveProperty('totp.verifiedAt');
    // The older token counts no more, neither for the session nor as a bearer.
    const stale = await call(session('GetSession'), { sessionId, sessionToken });
    expect(stale.status).toBe(403);
    expect((await call(user('GetUserByID'), { userId }, sessionToken)).status).toBe(401);
    expect((await call(user('GetUserByID'), { userId }, String(more.body.sessionToken))).status).toBe(200);
  });

  it('refuse a wrong code, and a second factor that nobody has', async () => {
    const { sessionId } = await signIn(await person());
    const wrong = codeNow() === '000000' ? '111111' : '000000';
    const refused = await call(session('SetSession'), { sessionId, checks: { totp: { code: wrong } } });
    expect(refused.body).toMatchObject({ code: 'invalid_argument' });
    const { serviceAccountKey } = emulator.bootstrap;
    const checks = { user: { userId: serviceAccountKey.userId }, totp: { code: '123456' } };
    const none = await call(session('CreateSession'), { checks });
    expect(none.body).toMatchObject({ code: 'failed_precondition' });
  });

  it('are computed as RFC 6238 computes them', () => {
    const secret = Buffer.from('12345678901234567890');
    expect(totpCode(secret, 59_000)).toBe('287082');
    expect(totpCode(secret, 1_111_111_109_000)).toBe('081804');
    expect(totpCode(secret, 20_000_000_000_000)).toBe('353130');
    expect(decodeBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toEqual(secret);
    expect(decodeBase32('not base32!')).toBeUndefined();
    expect(totpMatches(secret, '287082', 89_000)).toBe(true);
    expect(totpMatches(secret, '287082', 121_000)).toBe(false);
  });
});

describe('the end of a session', () => {
  it('comes with its lifetime, after which it is listed and takes no more checks', async () => {
    const userId = await person();
    const { sessionId, sessionToken } = await signIn(userId, { lifetime: '60s' });
    emulator.controls.clockOffsetMs = 61_000;
    try {
      const { body } = await call(session('ListSessions'), { queries: [{ idsQuery: { ids: [sessionId] } }] });
      expect(body.sessions).toHaveLength(1);
      const late = await call(session('SetSession'), { sessionId, lifetime: '60s' });
      expect(late.body.message).toContain('COMMAND-Hkl3d');
      expect((await call(user('GetUserByID'), { userId }, sessionToken)).status).toBe(401);
    } finally {
      emulator.controls.clockOffsetMs = 0;
    }
  });

  it.each(['DeactivateUser', 'LockUser', 'DeleteUser'])('comes with %s: the row is gone', async (method) => {
    const userId = await person();
    const { sessionId, sessionToken } = await signIn(userId);
    await call(user(method), { userId });
    expect((await call(session('GetSession'), { sessionId })).body.message).toContain('QUERY-SFeaa');
    expect((await call(user('ListUsers'), {}, sessionToken)).status).toBe(401);
    const again = await call(session('SetSession'), { sessionId });
    expect(again.body.message).toContain('COMMAND-Hewfq');
  });

  it('is an event that names no user', async () => {
    const { sessionId } = await signIn(await person());
    await call(session('DeleteSession'), { sessionId });
    const last = [...emulator.events].at(-1);
    expect(last).toMatchObject({ type: 'session.terminated', aggregateId: sessionId, payload: {} });
  });
});
