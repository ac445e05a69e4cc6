import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { databases } from '../support/databases.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';
import { eventsOf } from '../support/world.ts';

describe.each(databases)('a session that ended in Zitadel, on $name', (kind) => {
  const generous = { perSecond: 1_000, burst: 1_000 };
  const soon = { timeout: 10_000, interval: 20 };

  let world: WebWorld;
  beforeAll(async () => {
    world = await openWebWorld(kind, { limits: { signIn: generous, reads: generous } });
  });
  afterAll(() => world.close());

  const statusOf = async (browser: Browser) =>
    (await browser.request(`${world.directory.url}/api/me`)).status;
  /** Sessions that Zitadel and the console share, the newest last. */
  const shared = async () => {
    const rows = await world.directory.database.db
      .selectFrom('web_sessions')
      .select(['zitadel_session_id', 'application'])
      .orderBy('created_at')
      .execute();
    return rows.map((row) => row.zitadel_session_id ?? '');
  };

  it('a session that is ended in Zitadel is over in the console, by a token that Zitadel itself signs and posts', async () => {
    const { browser: one } = await world.signIn('ada');
    const { browser: other } = await world.signIn('ada');
    const [first = '', second = ''] = await shared();
    expect(first).not.toBe('');
    expect(second).not.toBe(first);
    expect([await statusOf(one), await statusOf(other)]).toEqual([200, 200]);
    await world.zitadel.sessions.remove(first);
    await expect.poll(() => statusOf(one), soon).toBe(401);
    await world.emulator.settled();
    expect(await statusOf(other)).toBe(200);
    expect(await shared()).toEqual([second]);
    expect(eventsOf(world, 'session_logout.back_channel.sent')).toEqual([
      expect.objectContaining({ aggregateId: first }),
    ]);
  });

  it('so is that of site administration, which is another application', async () => {
    const { browser } = await world.signIn('root', '?application=management');
    const { browser: sam } = await world.signIn('sam');
    expect(await statusOf(browser)).toBe(200);
    const sessions = await world.zitadel.sessions.list({ userId: 'root' }).all();
    expect(sessions).toHaveLength(1);
    for (const { id } of sessions) await world.zitadel.sessions.remove(id);
    await expect.poll(() => statusOf(browser), soon).toBe(401);
    expect(await statusOf(sam)).toBe(200);
  });

  it('a sign-out in the console is told back to it, and ends nothing more', async () => {
    const { browser } = await world.signIn('sam');
    const { browser: other } = await world.signIn('sam');
    const before = eventsOf(world, 'session_logout.back_channel.sent').length;
    expect((await world.call(browser, 'POST', '/auth/sign-out')).body).toMatchObject({ complete: true });
    await world.emulator.settled();
    expect(eventsOf(world, 'session_logout.back_channel.sent')).toHaveLength(before + 1);
    expect([await statusOf(browser), await statusOf(other)]).toEqual([401, 200]);
  });
});
