import { ManualClock } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';
import { eventsOf } from '../support/world.ts';

describe.each(databases)('sessions of the console on $name', (kind) => {
  let world: WebWorld;
  let base: string;
  const clock = new ManualClock(Date.now());
  const hour = 3_600_000;
  const limits = { signIn: { perSecond: 1_000, burst: 1_000 }, reads: { perSecond: 1_000, burst: 10_000 } };
  beforeAll(async () => {
    world = await openWebWorld(kind, { clock, limits });
    base = world.directory.url;
  });
  afterAll(() => world.close());

  /** Moves the clocks of both, and takes them back after the test: people sign in by the real one. */
  let moved = 0;
  const later = (ms: number, where = world, which = clock) => {
    which.advance(ms);
    where.emulator.controls.clockOffsetMs += ms;
    if (where === world) moved += ms;
  };
  afterEach(() => later(-moved));

  /** Lets time pass while something waits that waits by the clock. */
  async function whileTimePasses<T>(work: Promise<T>, where = world, which = clock): Promise<T> {
    const passing = setInterval(() => later(500, where, which), 5);
    try {
      return await work;
    } finally {
      clearInterval(passing);
    }
  }

  const rows = () => world.directory.database.db.selectFrom('web_sessions').selectAll().execute();
  const newUser = (organization: string) => ({
    organization,
    email: `new-${Math.random()}@x.example`,
    givenName: 'N',
    familyName: 'N',
  });

  describe('a session', () => {
    it('ends when it was not used for eight hours', async () => {
      const { browser } = await world.signIn('ada');
      later(7 * hour);
      expect((await world.call(browser, 'GET', '/api/me')).status).toBe(200);
      later(7 * hour);
      expect((await browser.request(`${base}/api/me`)).status).toBe(401);
    });

    it('ends twelve hours after its sign-in, however much it was used', async () => {
      const { browser } = await world.signIn('ada');
      for (let at = 0; at < 3; at += 1) {
        later(3.9 * hour);
        expect((await world.call(browser, 'GET', '/api/me')).status).toBe(200);
      }
      later(0.4 * hour);
      const ended = await world.call(browser, 'GET', '/api/me');
      expect(ended).toMatchObject({ status: 401, body: { code: 'session_ended' } });
    });

    it('S19 of a user who was deactivated ends within 30 seconds', async () => {
      const { browser } = await world.signIn('uma');
      expect((await world.call(browser, 'GET', '/api/me')).status).toBe(200);
      await world.zitadel.users.deactivate('uma');
      later(30_001);
      expect((await browser.request(`${base}/api/me`)).status).toBe(401);
      expect((await rows()).filter(({ subject }) => subject === 'uma')).toEqual([]);
      await world.zitadel.users.reactivate('uma');
      expect((await browser.request(`${base}/api/me`)).status).toBe(401);
    });

    it('S18 is refused while Zitadel cannot be asked, and goes on when it can', async () => {
      const { browser } = await world.signIn('ada');
      expect((await world.call(browser, 'GET', '/api/me')).status).toBe(200);
      world.emulator.controls.outage = true;
      try {
        later(30_001);
        const away = await whileTimePasses(browser.request(`${base}/api/me`));
        expect(away.status).toBe(503);
      } finally {
        world.emulator.controls.outage = false;
      }
      expect((await world.call(browser, 'GET', '/api/me')).status).toBe(200);
    });

    it('is nobody with a cookie that was made up, is there twice, or belongs to a former key', async () => {
      const { browser } = await world.signIn('ada');
      const good = browser.cookie(base, 'drawbridge') ?? '';
      const status = async (cookie: string) =>
        (await browser.request(`${base}/api/me`, { headers: { cookie } })).status;
      expect(await status(`drawbridge=${good}`)).toBe(200);
      expect(await status(`other=1; drawbridge=${good}`)).toBe(200);
      expect(await status(`drawbridge=${'x'.repeat(43)}`)).toBe(401);
      expect(await status(`drawbridge=${good}; drawbridge=${'x'.repeat(43)}`)).toBe(401);
      expect(await status(`drawbridge=${good}%00`)).toBe(401);
      await world.directory.database.db
        .updateTable('web_sessions')
        .set({ tokens: `sealed:v1:AAAAAAAAAAA:${'A'.repeat(16)}:${'A'.repeat(40)}` })
        .execute();
      expect(await status(`drawbridge=${good}`)).toBe(401);
    });
  });

  describe('a token whose time is nearly over', () => {
    let other: WebWorld;
    const began = Date.now();
    const late = new ManualClock(began);
    beforeAll(async () => {
      other = await openWebWorld(kind, {
        clock: late,
        limits,
        session: { idleMs: 48 * hour, maxMs: 48 * hour },
      });
    });
    afterAll(() => other.close());

    it('S29 is renewed once, however many requests come at the same time', async () => {
      const { browser } = await other.signIn('ada');
      later(12 * hour - 30_000, other, late);
      const renewals = () => eventsOf(other, 'oidc_session.refresh_token.renewed').length;
      const before = renewals();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => browser.request(`${other.directory.url}/api/me`)),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      expect(renewals()).toBe(before + 1);
      expect((await browser.request(`${other.directory.url}/api/me`)).status).toBe(200);
      expect(renewals()).toBe(before + 1);
    });

    afterEach(() => later(-late.now() + began, other, late));

    it('that cannot be renewed ends the session', async () => {
      const { browser } = await other.signIn('ada');
      await other.zitadel.users.deactivate('ada');
      later(12 * hour, other, late);
      // It waits a little for another process that may have renewed it.
      const ended = whileTimePasses(browser.request(`${other.directory.url}/api/me`), other, late);
      expect((await ended).status).toBe(401);
    });
  });

  describe('a request of a session', () => {
    it('has to carry the CSRF token and come from the own page, when it changes something', async () => {
      const { browser } = await world.signIn('ada');
      const { csrfToken } = (await world.call(browser, 'GET', '/api/me')).body as { csrfToken: string };
      const post = async (headers: Record<string, string>) =>
        await browser.request(`${base}/api/users`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(newUser('north')),
        });
      for (const headers of [
        {},
        { 'x-csrf-token': '' },
        { 'x-csrf-token': 'x'.repeat(43) },
        { 'x-csrf-token': csrfToken, origin: 'https://evil.example' },
        { 'x-csrf-token': csrfToken, origin: 'null' },
        { 'x-csrf-token': csrfToken, 'sec-fetch-site': 'cross-site' },
        { 'x-csrf-token': csrfToken, 'sec-fetch-site': 'same-site' },
      ]) {
        const refused = await post(headers);
        expect([headers, refused.status]).toEqual([headers, 403]);
        expect(refused.text).toContain('csrf_refused');
      }
      const own = { 'x-csrf-token': csrfToken, origin: base, 'sec-fetch-site': 'same-origin' };
      expect((await post(own)).status).toBe(202);
    });

    it('may not carry a bearer token as well', async () => {
      const { browser } = await world.signIn('ada');
      const both = await browser.request(`${base}/api/me`, { headers: { authorization: 'Bearer x' } });
      expect(both.status).toBe(400);
    });

    it('S58 changes a foreign organization only after a reason was given, which stands in its audit', async () => {
      const { browser } = await world.signIn('root', '?application=management');
      const { south, north } = world.organizations;
      const create = () => world.call(browser, 'POST', '/api/users', newUser('south'));
      expect((await world.call(browser, 'GET', '/api/users?organization=south')).status).toBe(200);
      expect(await create()).toMatchObject({ status: 403, body: { code: 'reason_needed' } });
      const acting = { organization: 'south', reason: 'ticket 4711' };
      expect((await world.call(browser, 'POST', '/api/me/acting', { ...acting, reason: ' ' })).status).toBe(
        400,
      );
      expect(await world.call(browser, 'POST', '/api/me/acting', acting)).toMatchObject({
        status: 200,
        body: { acting: { organizationId: south, reason: 'ticket 4711' } },
      });
      expect((await create()).status).toBe(202);
      expect((await world.call(browser, 'POST', '/api/users', newUser('north'))).status).toBe(403);
      await world.call(browser, 'POST', '/api/me/acting', { organization: 'north', reason: 'next' });
      await world.call(browser, 'DELETE', '/api/me/acting');
      expect((await world.call(browser, 'POST', '/api/users', newUser('north'))).status).toBe(403);
      const audit = await world.directory.database.db
        .selectFrom('audit')
        .select(['organization_id', 'actor', 'from_value', 'to_value', 'reason'])
        .where('action', '=', 'organization.switch')
        .orderBy('sequence')
        .execute();
      expect(audit).toEqual([
        { organization_id: south, actor: 'root', from_value: null, to_value: south, reason: 'ticket 4711' },
        { organization_id: north, actor: 'root', from_value: south, to_value: north, reason: 'next' },
        { organization_id: north, actor: 'root', from_value: north, to_value: null, reason: 'left' },
      ]);
    });
  });

  describe('signing out', () => {
    it('S33 revokes the tokens, ends the session in Zitadel and here, and takes the cookie away', async () => {
      const { browser } = await world.signIn('ada');
      const before = eventsOf(world, 'session.terminated').length;
      const revoked = eventsOf(world, 'oidc_session.refresh_token.revoked').length;
      const cookie = browser.cookie(base, 'drawbridge');
      const out = await world.call(browser, 'POST', '/auth/sign-out');
      expect(out.body).toEqual({ location: '/auth/signed-out', complete: true });
      expect(eventsOf(world, 'session.terminated')).toHaveLength(before + 1);
      expect(eventsOf(world, 'oidc_session.refresh_token.revoked')).toHaveLength(revoked + 1);
      expect(browser.cookie(base, 'drawbridge')).toBeUndefined();
      const again = await browser.request(`${base}/api/me`, { headers: { cookie: `drawbridge=${cookie}` } });
      expect(again.status).toBe(401);
      const page = await browser.request(`${base}/auth/signed-out`);
      expect(page.text).toContain('Your session has ended here and in Zitadel');
    });

    it('cannot be caused by another site', async () => {
      const { browser } = await world.signIn('ada');
      const forged = await browser.request(`${base}/auth/sign-out`, { method: 'POST' });
      expect(forged.status).toBe(403);
      expect((await world.call(browser, 'GET', '/api/me')).status).toBe(200);
    });

    it('S33 ends the session here although Zitadel is away, and says that it is not complete', async () => {
      const { browser } = await world.signIn('ada');
      const { csrfToken } = (await world.call(browser, 'GET', '/api/me')).body as { csrfToken: string };
      world.emulator.controls.outage = true;
      try {
        const out = await browser.request(`${base}/auth/sign-out`, {
          method: 'POST',
          headers: { 'x-csrf-token': csrfToken },
        });
        expect(JSON.parse(out.text)).toEqual({ location: '/auth/signed-out?incomplete', complete: false });
        const page = await browser.request(`${base}/auth/signed-out?incomplete`);
        expect(page.text).toContain('Zitadel could not be reached');
      } finally {
        world.emulator.controls.outage = false;
      }
      expect((await browser.request(`${base}/api/me`)).status).toBe(401);
    });

    it('is no error for somebody who is not signed in', async () => {
      const out = await fetch(`${base}/auth/sign-out`, { method: 'POST' });
      expect([out.status, await out.json()]).toEqual([200, { location: '/auth/signed-out', complete: true }]);
    });
  });
});
