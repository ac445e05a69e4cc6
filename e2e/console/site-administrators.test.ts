import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { makeUsers } from './support/people.ts';

describe.skipIf(withoutChromium)('console: site administrators (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  it('are added and removed by keyboard, each with a reason, until one is left', async () => {
    const tenant = await console.open();
    const [id = ''] = await makeUsers(tenant, ['Second Holder']);
    const subject = String(
      await tenant.evaluate(
        `fetch('/api/users/${id}').then(async (answer) => (await answer.json()).zitadelUserId)`,
      ),
    );
    await tenant.context().close();
    const page = await console.open({ path: '/site/settings', site: true });
    const card = page.getByRole('region', { name: 'Site administrators' });
    const dialog = page.getByRole('dialog');
    await card.getByText('Demo Admin').waitFor();

    await card.getByRole('button', { name: 'Add administrator' }).press('Enter');
    await dialog.getByLabel('User id in Zitadel').focus();
    await page.keyboard.type('nobody-here');
    await page.keyboard.press('Tab');
    await page.keyboard.type('second key holder');
    await dialog.getByRole('button', { name: 'Add administrator' }).press('Enter');
    await dialog.getByText('Zitadel shows no user nobody-here.').waitFor();
    await dialog.getByLabel('User id in Zitadel').fill(subject);
    await page.keyboard.press('Enter');
    await page.getByText('Second Holder is a site administrator').waitFor();

    await card.getByRole('button', { name: 'Remove Second Holder' }).press('Enter');
    const remove = dialog.getByRole('button', { name: 'Remove Second Holder' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').focus();
    await page.keyboard.type('left');
    await remove.press('Enter');
    await page.getByText('Second Holder is no site administrator any more').waitFor();

    // Of dev's own key nobody knows a name.
    const others = card.getByRole('button', { name: /^Remove (?!Demo Admin)/ });
    // The list is read again once the change was told.
    await expect.poll(() => others.count()).toBe(1);
    await others.press('Enter');
    await dialog.getByLabel('Reason').fill('not needed');
    await dialog.getByRole('button', { name: /^Remove / }).press('Enter');
    await card.getByText('the last one stays').waitFor();
    await card.getByText(/There is only one/).waitFor();
    await expect.poll(() => card.getByRole('button', { name: /^Remove / }).count()).toBe(0);

    await page.goto(`${console.url}/site/audit`);
    await page.getByText('second key holder').first().waitFor();

    // Whoever removes themselves is told where they are now.
    await page.goto(`${console.url}/site/settings`);
    await card.getByRole('button', { name: 'Add administrator' }).click();
    await dialog.getByLabel('User id in Zitadel').fill(subject);
    await dialog.getByLabel('Reason').fill('takes over');
    await dialog.getByRole('button', { name: 'Add administrator' }).click();
    await card.getByRole('button', { name: 'Remove Demo Admin' }).click();
    await dialog.getByText(/You are this one/).waitFor();
    await dialog.getByLabel('Reason').fill('handed over');
    await dialog.getByRole('button', { name: 'Remove Demo Admin' }).click();
    await page.getByRole('heading', { name: 'For site administrators' }).waitFor();
    expect(console.complaints).toEqual([]);
    await page.context().close();
  });
});
