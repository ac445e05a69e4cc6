import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from './support/axe.ts';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { makeUsers } from './support/people.ts';
import { manyUsers, planAnswers } from './support/planned.ts';

describe.skipIf(withoutChromium)('console: lists (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  it('leave out what begins with a minus, by word, by name, and together', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await makeUsers(page, ['Nora Contractor', 'Nils Employee']);
    const filter = page.getByRole('combobox', { name: 'Name or mail' });
    const rows = page.locator('tbody tr');
    await filter.fill('n -contractor');
    await page.getByRole('link', { name: 'Nils Employee' }).waitFor();
    await page.waitForURL(/q=n(%20|\+)-contractor/);
    expect(await page.getByRole('link', { name: 'Nora Contractor' }).count()).toBe(0);
    await page.getByText('1 left out by the filter').waitFor();

    await filter.fill('-role:user');
    await page.getByRole('link', { name: 'Demo Admin' }).waitFor();
    await expect.poll(() => rows.count()).toBe(1);

    await filter.fill('-role:user -role:admin');
    await page.getByText('No users match').waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByRole('link', { name: 'Nora Contractor' }).waitFor();

    await page.goto(`${console.url}/o/demo/runs?q=-state:waiting%20-state:done`);
    await page.getByText('No runs match').waitFor();
    await page.goto(`${console.url}/o/demo/runs?q=nora`);
    await expect.poll(() => rows.count()).toBe(1);

    await page.goto(`${console.url}/o/demo/audit?q=-object:none`);
    await page.getByText('leave words and what begins with - out').waitFor();
    await page.context().close();
  });

  it('suggest what may be left out, and fetch on until the screen is full', async () => {
    const all = manyUsers(300).items;
    const asked: (string | null)[] = [];
    const page = await console.open({
      path: '/o/demo/users?q=-state:active',
      prepare: async (context) => {
        await context.route('**/api/users?*', async (route) => {
          const after = new URL(route.request().url()).searchParams.get('after');
          asked.push(after);
          const from = Number(after ?? 0);
          const items = all.slice(from, from + 30);
          await route.fulfill({
            json: { items, next: from + 30 < 300 ? String(from + 30) : null, total: 300 },
          });
        });
      },
    });
    // 30 users a page, every seventh active: three pages make 60 rows.
    await expect.poll(() => asked.length).toBe(3);
    await page.getByText(/13 left out by the filter/).waitFor();
    const filter = page.getByRole('combobox', { name: 'Name or mail' });
    await filter.fill('-st');
    await page.getByRole('option', { name: '-state:locked' }).waitFor();
    await page.context().close();
  });

  it('hide columns, remembered by page', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await page.getByRole('columnheader', { name: 'NetBird' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    const menu = page.getByRole('dialog');
    await menu.getByLabel('NetBird').uncheck();
    await menu.getByLabel('Last run').uncheck();
    // The first one names the row, and is not offered.
    expect(await menu.getByLabel('Name').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Columns, 2 hidden' }).waitFor();
    expect(await page.getByRole('columnheader').allTextContents()).toEqual([
      '',
      'Name',
      'State',
      'Role',
      'Zitadel',
      'Changed',
    ]);
    await page.reload();
    await page.getByRole('button', { name: 'Columns, 2 hidden' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'NetBird' }).count()).toBe(0);
    await page.goto(`${console.url}/o/demo/runs`);
    await page.getByRole('button', { name: 'Columns', exact: true }).waitFor();
    await page.context().close();
  });

  it('never move a row under the hand: what comes, goes or changes its place waits to be shown', async () => {
    let items = manyUsers(8).items;
    const page = await console.open({
      path: '/o/demo/users?sort=-changed',
      prepare: async (context) => {
        await context.route('**/api/users?*', async (route) => {
          await route.fulfill({ json: { items, next: null, total: items.length } });
        });
      },
    });
    const shown = async () => await page.locator('tbody a[href*="/users/"]').allTextContents();
    await page.getByText('Person 7', { exact: true }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.locator('.live[data-status=live]').waitFor();
    const before = await shown();

    const [first, second, third, ...rest] = items;
    if (!first || !second || !third) throw new Error('too few people are planned');
    const fresh = manyUsers(10).items.slice(8);
    items = [...fresh, { ...third, state: 'locked' as const }, first, ...rest];
    const other = await console.open({ path: '/me' });
    await makeUsers(other, ['Any Event']);
    const news = page.getByRole('button', { name: '2 new, 1 gone, show' });
    await news.waitFor();
    expect(await shown()).toEqual(before);
    // What is known of a row that stays is fresh, though; and who is gone can be seen to be.
    await page.locator('tr', { hasText: 'Person 2' }).getByText('Locked').waitFor();
    expect(await page.locator('tr[data-gone] a').first().textContent()).toBe('Person 1');
    expect(await page.locator('tr[data-active=true] a').first().textContent()).toBe('Person 1');

    expect(await findBarriers(page)).toEqual([]);
    await news.click();
    await expect.poll(shown).toEqual(items.map(({ familyName }) => `Person ${familyName}`));
    expect(await page.locator('tr[data-gone]').count()).toBe(0);
    await other.context().close();
    await page.context().close();
  });

  it('have their selection and active row again after Back', async () => {
    const page = await console.open({
      path: '/o/demo/users',
      prepare: (context) => planAnswers(context, { '/api/users': manyUsers(12) }),
    });
    await page.getByText('Person 3', { exact: true }).waitFor();
    for (const key of ['j', 'x', 'j', 'j', 'x']) await page.keyboard.press(key);
    await page.getByText('2 users chosen').waitFor();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.goBack();
    await page.getByText('2 users chosen').waitFor();
    expect(await page.locator('tr[data-active=true] a').first().textContent()).toBe('Person 2');
    // A new visit begins with nothing chosen.
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByText('Person 3', { exact: true }).waitFor();
    expect(await page.getByText('users chosen').count()).toBe(0);
    await page.context().close();
  });
});
