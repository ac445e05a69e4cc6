import { afterAll, beforeAll, expect, it } from 'vitest';
import { Browser } from './support/browser.ts';
import { type Running, startDrawbridge } from './support/command.ts';

let dev: Running;
beforeAll(async () => {
  dev = await startDrawbridge(['dev', '--ephemeral', '--port-base', '0']);
});
afterAll(async () => {
  await dev.kill('SIGTERM');
});

it('the demo administrator signs in to the console of dev, changes something, and signs out', async () => {
  const { directory, issuer, demo } = dev.ready as {
    directory: string;
    issuer: string;
    demo: { loginName: string; password: string };
  };
  const browser = new Browser();
  const form = await browser.visit(`${directory}/auth/sign-in?return=/o/demo/users`);
  expect(new URL(form.url).origin).toBe(issuer);
  expect(form.text).toContain('Drawbridge console');
  await browser.submit(form, demo.loginName, demo.password);

  const me = await browser.request(`${directory}/api/me`);
  expect(me.status).toBe(200);
  const { csrfToken, ...shown } = JSON.parse(me.text) as { csrfToken: string };
  expect(shown).toMatchObject({
    name: 'Demo Admin',
    email: demo.loginName,
    application: 'console',
    siteAdministrator: false,
    organizations: [{ slug: 'demo' }],
  });

  const made = await browser.request(`${directory}/api/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
    body: JSON.stringify({
      organization: 'demo',
      email: 'ada@demo.localhost',
      givenName: 'Ada',
      familyName: 'O',
    }),
  });
  expect([made.status, made.text]).toEqual([202, expect.anything()]);

  const out = await browser.request(`${directory}/auth/sign-out`, {
    method: 'POST',
    headers: { 'x-csrf-token': csrfToken },
  });
  expect(JSON.parse(out.text)).toEqual({ location: '/auth/signed-out', complete: true });
  expect((await browser.request(`${directory}/api/me`)).status).toBe(401);
});

it('S32 no token is in an address, a cookie or the log', async () => {
  const { directory, demo } = dev.ready as {
    directory: string;
    demo: { loginName: string; password: string };
  };
  const browser = new Browser();
  const seen: string[] = [];
  const form = await browser.visit(`${directory}/auth/sign-in?application=management`);
  seen.push(form.url);
  const back = await browser.submit(form, demo.loginName, demo.password);
  seen.push(back.url, browser.cookie(directory, 'drawbridge') ?? '');
  expect(seen.join(' ')).not.toMatch(/eyJ|access_token|id_token|refresh_token/);
  expect(browser.cookie(directory, 'drawbridge')).toMatch(/^[\w-]{43}$/);
  const me = await browser.request(`${directory}/api/me`);
  expect(JSON.parse(me.text)).toMatchObject({ application: 'management', siteAdministrator: true });
  expect(me.text).not.toMatch(/eyJ|accessToken|refreshToken/);
  expect(dev.output()).not.toMatch(/eyJ[\w-]+\.eyJ/);
});
