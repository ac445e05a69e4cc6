import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.ts';
import { databases } from '../support/databases.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

describe.each(databases)('sign-in on $name', (kind) => {
  let world: WebWorld;
  let base: string;
  const generous = { signIn: { perSecond: 1_000, burst: 1_000 } };
  beforeAll(async () => {
    world = await openWebWorld(kind, { limits: generous });
    base = world.directory.url;
  });
  afterAll(() => world.close());

  const me = async (browser: Browser) => (await world.call(browser, 'GET', '/api/me')).body;

  describe('signing in', () => {
    it('S27 S28 S30 is a code with PKCE S256, state and nonce, for the scopes that are needed', async () => {
      const begun = await new Browser().request(`${base}/auth/sign-in`);
      const url = new URL(begun.headers.get('location') ?? '');
      const query = Object.fromEntries(url.searchParams);
      expect(url.origin).toBe(world.emulator.issuer);
      expect(query).toMatchObject({
        response_type: 'code',
        code_challenge_method: 'S256',
        redirect_uri: `${base}/auth/callback`,
        scope: `openid profile email offline_access urn:zitadel:iam:org:project:id:${world.projectId}:aud`,
      });
      expect(query.state).toMatch(/^[\w-]{43}$/);
      expect(query.nonce).toMatch(/^[\w-]{43}$/);
      expect(begun.headers.get('set-cookie')).toMatch(
        /^drawbridge-sign-in=[\w-]{43}; .*HttpOnly; SameSite=Lax$/,
      );
    });

    it('leads back to where it began, with a session by cookie', async () => {
      const { browser, visited } = await world.signIn('ada', '?return=/o/north/users%3Fq%3Da');
      expect(visited.url).toBe(`${base}/o/north/users?q=a`);
      expect(await me(browser)).toMatchObject({
        subject: 'ada',
        name: 'ada Test',
        email: 'ada@north.example',
        application: 'console',
        siteAdministrator: false,
        csrfToken: expect.stringMatching(/^[\w-]{43}$/),
        organizations: [{ slug: 'north' }],
      });
    });

    it('begins at the name that it will come back to', async () => {
      const other = base.replace('127.0.0.1', 'localhost');
      const begun = await new Browser().request(`${other}/auth/sign-in?return=/x`);
      expect([begun.status, begun.headers.get('location')]).toEqual([302, `${base}/auth/sign-in?return=/x`]);
    });

    it('of a tenant is bound to its organization, so that only its users pass', async () => {
      const begun = await new Browser().request(`${base}/auth/sign-in?organization=north`);
      const scope = new URL(begun.headers.get('location') ?? '').searchParams.get('scope');
      expect(scope).toContain('urn:zitadel:iam:org:id:org-north');
      const { visited } = await world.signIn('sam', '?organization=north');
      expect(visited.text).toContain('Login name or password is wrong');
      const home = await world.signIn('ada', '?organization=north');
      expect(await me(home.browser)).toMatchObject({ subject: 'ada' });
      expect((await new Browser().request(`${base}/auth/sign-in?organization=nowhere`)).status).toBe(404);
    });

    it('gives the rights of the site through the management application alone', async () => {
      const console = await world.signIn('root');
      expect(await me(console.browser)).toMatchObject({ application: 'console', siteAdministrator: false });
      const management = await world.signIn('root', '?application=management');
      expect(await me(management.browser)).toMatchObject({
        application: 'management',
        siteAdministrator: true,
      });
      const audit = await world.directory.database.db
        .selectFrom('audit')
        .selectAll()
        .where('action', '=', 'management.sign_in')
        .execute();
      expect(audit).toMatchObject([{ actor: 'root' }]);
      const refused = await world.signIn('ada', '?application=management');
      expect(refused.visited).toMatchObject({
        status: 403,
        text: expect.stringContaining('you are not one'),
      });
      expect(refused.browser.cookie(base, 'drawbridge')).toBeUndefined();
    });

    it('keeps nothing in the database that opens a session or a token', async () => {
      const { browser } = await world.signIn('ada');
      const rows = await world.directory.database.db.selectFrom('web_sessions').selectAll().execute();
      const text = JSON.stringify(rows);
      expect(text).not.toContain(browser.cookie(base, 'drawbridge'));
      expect(text).not.toMatch(/eyJ|accessToken/);
      expect(rows.every(({ tokens }) => tokens.startsWith('sealed:v1:'))).toBe(true);
    });

    it('replaces the session that the browser had', async () => {
      const { browser } = await world.signIn('ada');
      const former = browser.cookie(base, 'drawbridge') ?? '';
      await browser.signIn(`${base}/auth/sign-in`, 'uma', 'Correct-Horse1');
      expect(await me(browser)).toMatchObject({ subject: 'uma' });
      browser.setCookie(base, 'drawbridge', former);
      expect((await browser.request(`${base}/api/me`)).status).toBe(401);
    });

    it('serves several tabs of one browser', async () => {
      const browser = new Browser();
      await browser.request(`${base}/auth/sign-in?return=/first`);
      const cookie = browser.cookie(base, 'drawbridge-sign-in');
      const second = await browser.visit(`${base}/auth/sign-in?return=/second`);
      // One cookie for both, so that the answer to either is taken.
      expect(browser.cookie(base, 'drawbridge-sign-in')).toBe(cookie);
      expect((await browser.submit(second, 'ada', 'Correct-Horse1')).url).toBe(`${base}/second`);
    });
  });

  describe('a sign-in that must not work', () => {
    /** The address the login sends the browser back to. */
    const callbackOf = async (browser: Browser) => {
      const form = await browser.visit(`${base}/auth/sign-in`);
      const authRequestID = new URL(form.url).searchParams.get('authRequestID') ?? '';
      const back = await browser.request(new URL('/ui/login/login', form.url).href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ authRequestID, loginName: 'ada', password: 'Correct-Horse1' }).toString(),
      });
      return back.headers.get('location') ?? '';
    };

    it('in another browser than the one that began it is refused on a calm page', async () => {
      const callback = await callbackOf(new Browser());
      const victim = await new Browser().request(callback);
      expect(victim).toMatchObject({
        status: 401,
        text: expect.stringContaining('begun in another browser'),
      });
      expect(victim.headers.get('content-type')).toContain('text/html');
      expect(victim.headers.get('set-cookie')).toBeNull();
      expect(victim.text).not.toMatch(/<script|code=/);
    });

    it('twice with one answer is refused the second time', async () => {
      const browser = new Browser();
      const callback = await callbackOf(browser);
      expect((await browser.request(callback)).status).toBe(303);
      expect((await browser.request(callback)).status).toBe(401);
    });

    it('S31 with the iss of another server is refused', async () => {
      const browser = new Browser();
      const callback = new URL(await callbackOf(browser));
      callback.searchParams.set('iss', 'https://evil.example');
      expect((await browser.request(callback.href)).status).toBeGreaterThanOrEqual(400);
      expect(browser.cookie(base, 'drawbridge')).toBeUndefined();
    });

    it('that was denied at Zitadel says so', async () => {
      const browser = new Browser();
      const begun = await browser.request(`${base}/auth/sign-in`);
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
      const page = await browser.request(`${base}/auth/callback?error=access_denied&state=${state}`);
      expect(page).toMatchObject({ status: 403, text: expect.stringContaining('was denied') });
      expect(page.text).toContain('/auth/sign-in');
    });

    it.each(['', '?state=', '?state=guessed&code=x', '?code=x', `?state=${'x'.repeat(5_000)}`])(
      'with the answer %.30j is refused',
      async (query) => {
        expect((await new Browser().request(`${base}/auth/callback${query}`)).status).toBe(401);
      },
    );

    it('while Zitadel is away tells so on a page', async () => {
      world.emulator.controls.outage = true;
      try {
        const browser = new Browser();
        const begun = await browser.request(`${base}/auth/sign-in`);
        expect(begun.status).toBe(302);
        const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
        const page = await browser.request(`${base}/auth/callback?state=${state}&code=x`);
        expect(page).toMatchObject({ status: 503, text: expect.stringContaining('cannot be reached') });
      } finally {
        world.emulator.controls.outage = false;
      }
    });
  });

  it('an application with a secret signs in with it', async () => {
    const other = await openWebWorld(kind, {}, true);
    try {
      const { browser } = await other.signIn('ada');
      expect((await other.call(browser, 'GET', '/api/me')).body).toMatchObject({ subject: 'ada' });
    } finally {
      await other.close();
    }
  });
});
