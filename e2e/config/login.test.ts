import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createZitadel, loadServiceAccount } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from '../console/support/chromium.ts';
import { type Home, startWorld, type World } from './support/world.ts';

const jwt = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/;

describe.skipIf(withoutChromium)('signing in at a terminal (Chromium)', () => {
  let world: World;
  let home: Home;

  beforeAll(async () => {
    world = await startWorld();
    home = world.home('ada');
  });
  afterAll(() => world.close());

  it('S24 login shows link and code apart, a QR code and the time left, and ends when the device page says yes', async () => {
    const shown = await home.login(world.admin);
    const [first] = shown.split('waiting, ');
    expect(first).toContain(`open   ${world.issuer}/device`);
    expect(first).toMatch(/^ {2}type {3}[A-Z]{4}-[A-Z]{4} /m);
    expect(first).toContain('only if you started this');
    expect(first?.match(/^.*[█▀▄]{3}.*$/gm)?.length).toBeGreaterThan(10);
    // The code is nowhere in the link.
    const code = /[A-Z]{4}-[A-Z]{4}/.exec(shown)?.[0] ?? '';
    expect(shown.split(code)).toHaveLength(2);
    expect(shown).toMatch(/waiting, [45]:\d\d left {5}c copy code {3}Ctrl-C stop/);
    expect(shown).toContain('✓ Signed in as admin@demo.localhost (Demo).');
    expect(shown).not.toMatch(jwt);
    for (const line of shown.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('S34 keeps the session for its owner only', async () => {
    const folder = join(home.env.DRAWBRIDGE_DATA_DIR ?? '', 'data/sessions');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    expect(files).toHaveLength(1);
    expect(((await stat(join(folder, files[0] ?? ''))).mode & 0o777).toString(8)).toBe('600');
  });

  it('whoami says who, where, with which roles, and since when', async () => {
    const { code, stdout, stderr } = await home.run('whoami');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'Demo Admin   admin@demo.localhost   user demo-admin',
      `  instance   ${world.issuer}`,
      '  roles      admin in Demo (home)',
      expect.stringMatching(/^ {2}session {4}since \d\d:\d\d:\d\d, renews by itself while it is used$/),
      ...(stdout.includes('OpenBao') ? [expect.stringContaining('  OpenBao    ')] : []),
      '',
    ]);
    expect(JSON.parse((await home.run('whoami', '--json')).stdout)).toMatchObject({
      schema: 'drawbridge.whoami/v1',
      subject: 'demo-admin',
      roles: [{ role: 'admin', organizationId: 'demo', domain: 'demo.localhost' }],
    });
  });

  it('login again asks nobody, token prints the token of the person, and the directory knows them by it', async () => {
    const again = home.type('login');
    expect(await again.ended).toBe(0);
    expect(again.text()).toContain('✓ Signed in as admin@demo.localhost (Demo).');
    const { stdout } = await home.run('token');
    const me = await fetch(`${String(world.dev.ready.directory)}/api/me`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    });
    expect([me.status, await me.text()]).toEqual([200, expect.stringContaining('demo-admin')]);
    const foreign = await home.run('token', '--audience', 'netbird');
    expect([foreign.code, foreign.stdout]).toEqual([4, '']);
    expect(foreign.stderr).toContain('do   drawbridge login --audience netbird');
  });

  it('doctor tries a sign-in at OpenBao as who is signed in, and finds dev well', async () => {
    const { code, stdout } = await home.run('doctor', '--all', '--data-dir', join(world.folder, 'dev'));
    expect(stdout).toMatch(/^✓ openbao login signs in as harmony-developer: .*harmony-dev/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^0 failed, 0 warnings, 21 ok, \d not set up\.$/);
    expect([code, stdout]).toEqual([0, expect.not.stringMatching(jwt)]);
  });

  it('Ctrl-C while it waits ends it with 130', async () => {
    const other = world.home('ben').type('login');
    await other.waitFor(/waiting, /);
    other.press('\u0003');
    expect(await other.ended).toBe(130);
    expect(other.text()).toContain('error[canceled]: The sign-in was canceled.');
  });

  it('a sign-in that is denied in the browser is said so, and leaves the session of before', async () => {
    const denied = home.type('login', '--again');
    const [, code = ''] = await denied.waitFor(/type {3}([A-Z]{4}-[A-Z]{4})/);
    const page = await world.browser.newPage();
    await page.goto(`${world.issuer}/device`);
    await page.fill('#user_code', code);
    await page.fill('#loginName', world.admin.loginName);
    await page.fill('#password', world.admin.password);
    await page.click('button[value=deny]');
    await page.waitForSelector('h1');
    await page.close();
    expect(await denied.ended).toBe(4);
    expect(denied.text()).toContain('error[sign_in_denied]');
    // The session of before is still there.
    expect((await home.run('whoami')).code).toBe(0);
  });

  it('S26 somebody else at the device page is refused, unless --switch says so', async () => {
    const other = { loginName: 'eve@demo.localhost', password: 'Winterregen-4711' };
    const zitadel = createZitadel({
      issuer: world.issuer,
      credentials: await loadServiceAccount(String(world.dev.ready.serviceAccountKey)),
    });
    await zitadel.users.create({
      organizationId: 'demo',
      userId: 'eve',
      username: other.loginName,
      human: {
        profile: { givenName: 'Eve', familyName: 'Other' },
        email: { email: other.loginName, isVerified: true },
        password: { password: other.password, changeRequired: false },
      },
    });
    await zitadel.close();
    const shared = world.home('shared');
    await shared.login(world.admin);
    const refused = shared.type('login', '--again');
    const [, code = ''] = await refused.waitFor(/type {3}([A-Z]{4}-[A-Z]{4})/);
    await world.approve(code, other);
    expect(await refused.ended).toBe(4);
    expect(refused.text()).toContain('error[sign_in_wrong_user]');
    expect((await shared.run('whoami')).stdout).toContain('user demo-admin');
    expect(await shared.login(other, '--switch')).toContain('✓ Signed in as eve@demo.localhost (Demo).');
    expect((await shared.run('config', 'list')).code).toBe(0);
  });

  it('S27 login --browser takes the answer on a loopback port, without a code', async () => {
    const terminal = world.home('finn').type('login', '--browser', '--no-open');
    const [, url = ''] = await terminal.waitFor(/open {3}(http\S+code_challenge_method=S256\S*)/);
    const page = await world.browser.newPage();
    await page.goto(url);
    await page.fill('#loginName', world.admin.loginName);
    await page.fill('#password', world.admin.password);
    await page.click('button[type=submit]');
    await page.waitForSelector('h1');
    expect(await page.innerText('h1')).toBe('You are signed in');
    expect(new URL(page.url()).hostname).toBe('127.0.0.1');
    await page.close();
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).toContain('✓ Signed in as admin@demo.localhost (Demo).');
    expect(terminal.text()).not.toMatch(jwt);
  });

  it('S33 logout says what it ended, and the tokens are refused afterwards', async () => {
    const token = (await home.run('token')).stdout.trim();
    const { code, stdout } = await home.run('logout');
    expect([code, stdout]).toEqual([
      0,
      '✓ OpenBao token (harmony-developer) revoked\n✓ Zitadel refresh token revoked\n✓ Zitadel access token revoked\n✓ deleted here\n',
    ]);
    const refused = await fetch(`${world.issuer}/oidc/v1/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(401);
    expect((await home.run('logout')).stdout).toBe('Nobody was signed in here.\n');
    const nobody = await home.run('whoami');
    expect([nobody.code, nobody.stderr]).toEqual([
      3,
      'error[not_signed_in]: You are not signed in. Run drawbridge login, or set ZITADEL_KEY_PATH.\n',
    ]);
  });

  it('logout tells what could not be ended, and is gone from here all the same', async () => {
    const other = world.home('cleo');
    await other.login(world.admin);
    const faults = (list: readonly object[]) =>
      fetch(`${world.issuer}/emulator/controls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults: list }),
      });
    await faults([{ match: '/oauth/v2/revoke', status: 503 }]);
    try {
      const { code, stdout, stderr } = await other.run('logout');
      expect(code).toBe(5);
      expect(stdout).toContain('✗ Zitadel refresh token not');
      expect(stdout).toContain('✓ deleted here');
      expect(stderr).toMatch(/^error\[not_revoked\]: Signed out here; /);
    } finally {
      await faults([]);
    }
    expect((await other.run('whoami')).code).toBe(3);
  });
});
