import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { makeUsers } from './support/people.ts';

describe.skipIf(withoutChromium)('console: the journey of an administrator (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  it('signs in, creates a user, watches its steps, opens the run and deactivates the user', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await page.getByRole('button', { name: 'Create user' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Given name').fill('Ada');
    await panel.getByLabel('Family name').fill('Okafor');
    await panel.getByLabel('Mail').fill('ada@demo.localhost');
    await panel.getByRole('button', { name: 'Create user' }).click();

    // Each step is there, drawn as it happens; the run ends by itself.
    await panel.getByText('Zitadel user').waitFor();
    await panel
      .getByRole('status')
      .getByText(/Provisioned and fine|Everything it set out/)
      .waitFor();
    await panel.getByRole('link', { name: 'Open run' }).click();
    await page.getByRole('heading', { name: /create ada@demo.localhost/i }).waitFor();
    expect(page.url()).toMatch(/\/o\/demo\/runs\/\w+$/);

    await page.getByRole('link', { name: 'ada@demo.localhost' }).first().click();
    await page.getByRole('heading', { name: 'Ada Okafor' }).waitFor();
    const zitadel = page.getByRole('region', { name: 'Zitadel', exact: true });
    await zitadel.getByText('ada@demo.localhost').waitFor();

    await page.getByRole('button', { name: 'Deactivate Ada' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deactivate Ada Okafor?' });
    await dialog.getByText('Activating again does not bring sessions back').waitFor();
    await dialog.getByText('0 sessions end within 30 s, and 0 devices are blocked').waitFor();
    await dialog.getByLabel('Reason').fill('left the company');
    await dialog.getByRole('button', { name: 'Deactivate Ada' }).click();
    await page.getByText(/Denied after/).waitFor();

    await page.goBack();
    await page.getByRole('button', { name: 'Activate Ada' }).waitFor();
    await page.getByText(/left the company/).waitFor();
    await page.context().close();
  });

  it('keeps filter and order in the address, and Back brings them again', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await makeUsers(page, ['Zoe Filter']);
    await page.getByRole('combobox', { name: 'Name or mail' }).fill('zoe role:user');
    await page.waitForURL(/q=zoe/);
    await page.getByRole('link', { name: 'Zoe Filter' }).click();
    await page.getByRole('heading', { name: 'Zoe Filter' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Zoe Filter' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Name or mail' }).inputValue()).toBe('zoe role:user');

    await page.getByRole('combobox', { name: 'Name or mail' }).fill('nobody-of-that-name');
    await page.getByText('No users match').waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByRole('link', { name: 'Demo Admin' }).waitFor();
    await page.context().close();
  });

  it('shows what another session does within a second, and where a person is signed in', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await page.getByRole('link', { name: 'Demo Admin' }).waitFor();
    await page.locator('.live[data-status=live]').waitFor();
    const other = await console.open({ path: '/me' });
    const [id = ''] = await makeUsers(other, ['Live Arrival']);
    // It is told of and not pushed in between the rows that somebody reads.
    await page.getByRole('button', { name: '1 new, show' }).click({ timeout: 5_000 });
    await page.getByRole('link', { name: 'Live Arrival' }).waitFor({ timeout: 1_000 });
    await page.goto(`${console.url}/o/demo/users/${id}/sessions`);
    await page.getByText('Live is signed in nowhere').or(page.getByText('is signed in nowhere')).waitFor();
    await other.context().close();
    await page.context().close();
  });

  it('imports people from a file: a dry run first, then each row', async () => {
    const page = await console.open({ path: '/o/demo/imports' });
    const rows = [
      'email,given_name,family_name,role',
      'ivy@demo.localhost,Ivy,Import,user',
      'not-a-mail,No,Mail,user',
    ];
    await page
      .getByLabel('CSV file')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    await page.getByRole('heading', { level: 1, name: 'people.csv' }).waitFor();
    await page.getByText('1 to create').waitFor();
    await page.getByText(/Nothing was changed/).waitFor();
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByRole('link', { name: 'ivy@demo.localhost' }).waitFor();
    await page.getByText(/1 of 2 arrived/).waitFor();
    await page.context().close();
  });

  it('sweeps now, and shows what the sweep found', async () => {
    const page = await console.open({ path: '/o/demo/sweeps' });
    await page.getByRole('button', { name: 'Sweep now' }).first().click();
    await page.getByRole('heading', { level: 1, name: /^Sweep / }).waitFor();
    await page.getByText(/users? read, \d+ activated/).waitFor();
    await page.context().close();
  });

  it('keeps what was typed when the session ends, and says how to go on', async () => {
    const page = await console.open({ path: '/o/demo/users?panel=create' });
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Given name').fill('Typed');
    await panel.getByLabel('Family name').fill('Before');
    await panel.getByLabel('Mail').fill('typed@demo.localhost');
    await page.context().clearCookies();
    await panel.getByRole('button', { name: 'Create user' }).click();
    await panel.getByText('The user was not created').waitFor();
    expect(await panel.getByLabel('Mail').inputValue()).toBe('typed@demo.localhost');
    expect(await panel.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toContain(
      'return=%2Fo%2Fdemo%2Fusers',
    );
    await page.getByText('Signed out').waitFor({ state: 'attached' });
    await page.context().close();
  });

  it('stays dark once somebody chose dark', async () => {
    const page = await console.open({ path: '/me' });
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Use light colours' }).waitFor();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.context().close();
  });

  it('S32 leaves no token where a script could read it', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    const seen = (await page.evaluate(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    )) as string;
    expect(seen).not.toMatch(/eyJ|token/i);
    await page.context().close();
  });

  it('never broke the content policy, nor itself', () => {
    expect(console.complaints).toEqual([]);
  });
});
