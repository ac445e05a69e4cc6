import { createZitadelEmulator } from '@drawbridge/emulators';
import { ManualClock } from '@drawbridge/kit';
import { afterEach, describe, expect, it } from 'vitest';
import { emulatorForTests, post, serviceAccountToken, user } from './support.ts';

const harness = emulatorForTests();
const { emulator, call, fetch } = harness;

afterEach(() => emulator.controls.reset());

const fields = (name: string) => ({
  organizationId: emulator.bootstrap.organizationId,
  userId: name,
  human: {
    profile: { givenName: 'C', familyName: 'T' },
    email: { email: `${name}@example.com`, isVerified: true },
  },
});

async function listed(name: string): Promise<boolean> {
  const { body } = await call(user('ListUsers'), { queries: [{ inUserIdsQuery: { userIds: [name] } }] });
  return body.result !== undefined;
}

describe('controls', () => {
  it('quirk 15: lists lag and GetUserByID does not', async () => {
    const clock = new ManualClock(Date.now());
    const slow = createZitadelEmulator({ clock });
    await slow.start();
    try {
      // The clock of this one stands still, so its token is asked for at the clock's time.
      const token = await serviceAccountToken(slow);
      slow.controls.lagMs = 1_000;
      const ask = (method: string, body: unknown) =>
        post(fetch, `${slow.issuer}/${user(method)}`, body, token);
      const { organizationId } = slow.bootstrap;
      await ask('CreateUser', { ...fields('late'), organizationId });
      const query = { queries: [{ inUserIdsQuery: { userIds: ['late'] } }] };
      expect((await ask('GetUserByID', { userId: 'late' })).status).toBe(200);
      expect((await ask('ListUsers', query)).body.result).toBeUndefined();
      clock.advance(999);
      expect((await ask('ListUsers', query)).body.result).toBeUndefined();
      clock.advance(1);
      expect((await ask('ListUsers', query)).body.result).toHaveLength(1);
      slow.controls.lagMs = 0;
      expect((await ask('ListUsers', query)).body.result).toHaveLength(1);
    } finally {
      await slow.stop();
    }
  });

  it('injects failures by method, as often as told', async () => {
    emulator.controls.fail({ match: user('ListUsers'), times: 2, code: 'unavailable' });
    expect((await call(user('ListUsers'))).status).toBe(503);
    expect((await call(user('GetUserByID'), { userId: 'x' })).status).toBe(404);
    expect((await call(user('ListUsers'))).body.code).toBe('unavailable');
    expect((await call(user('ListUsers'))).status).toBe(200);
    emulator.controls.fail({ match: '/oauth/v2/*', status: 502 });
    expect((await fetch(`${emulator.issuer}/oauth/v2/keys`)).status).toBe(502);
  });

  it('cuts every connection while there is an outage', async () => {
    emulator.controls.outage = true;
    await expect(call(user('ListUsers'))).rejects.toMatchObject({ code: 'unreachable' });
    emulator.controls.outage = false;
    expect((await call(user('ListUsers'))).status).toBe(200);
  });

  it('moves the clock of the instance, so that tokens end', async () => {
    emulator.controls.clockOffsetMs = 13 * 3_600_000;
    expect((await call(user('ListUsers'))).status).toBe(401);
    emulator.controls.clockOffsetMs = 0;
    expect((await call(user('ListUsers'))).status).toBe(200);
  });

  it('adds latency', async () => {
    emulator.controls.latencyMs = 40;
    const began = performance.now();
    await call(user('ListUsers'));
    expect(performance.now() - began).toBeGreaterThanOrEqual(39);
  });

  it('is open to other processes of this machine and closed to web pages', async () => {
    const url = `${emulator.issuer}/emulator/controls`;
    const set = await fetch(url, { method: 'POST', body: JSON.stringify({ lagMs: 60_000 }) });
    expect(await set.json()).toMatchObject({ lagMs: 60_000, outage: false });
    await call(user('CreateUser'), fields('remote'));
    expect(await listed('remote')).toBe(false);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(200);
    expect(await listed('remote')).toBe(true);
    const page = await fetch(url, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: '{}',
    });
    expect(page.status).toBe(403);
    const wrong = await fetch(url, { method: 'POST', body: '{"lagMs":"much"}' });
    expect(wrong.status).toBe(400);
  });
});

describe('mails', () => {
  it('records one for each code that is sent, and none for a code that is returned', async () => {
    const before = emulator.mails.length;
    const human = { profile: { givenName: 'M', familyName: 'L' } };
    const { organizationId } = emulator.bootstrap;
    const create = (userId: string, email: object) =>
      call(user('CreateUser'), {
        organizationId,
        userId,
        human: { ...human, email: { email: `${userId}@example.com`, ...email } },
      });
    await create('m-1', { sendCode: { urlTemplate: 'https://a.example/?u={{.UserID}}&c={{.Code}}' } });
    await create('m-2', { returnCode: {} });
    await create('m-3', { isVerified: false });
    await call(user('CreateInviteCode'), { userId: 'm-3', sendCode: {} });
    const mails = emulator.mails.slice(before);
    expect(mails.map(({ kind, userId }) => [kind, userId])).toEqual([
      ['email-verification', 'm-1'],
      ['invite', 'm-3'],
    ]);
    expect(mails[0]?.url).toBe(`https://a.example/?u=m-1&c=${mails[0]?.code}`);
  });
});
