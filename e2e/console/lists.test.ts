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

    // What is exported is what is shown, counted before.
    await page.goto(`${console.url}/o/demo/audit?q=nora%20-action:user.create`);
    await page.getByText('Demo Admin').or(page.getByText('No records match')).first().waitFor();
    const link = page.getByRole('link', { name: /^Export \d+ records?$/ });
    const href = (await link.getAttribute('href')) ?? '';
    expect(new URL(href, console.url).searchParams.get('action!')).toBe('user.create');
    const lines = (await (await page.request.get(new URL(href, console.url).href)).text()).trim();
    const count = lines === '' ? 0 : lines.split('\n').length;
    expect(await link.textContent()).toBe(`Export ${count} record${count === 1 ? '' : 's'}`);
    await page.context().close();
  });

  it('leave it to the server what fits, and say what the list does not know', async () => {
    const asked: URLSearchParams[] = [];
    const page = await console.open({
      path: '/o/demo/users?q=-state:active%20-contractor%20p',
      prepare: async (context) => {
        await context.route('**/api/users?*', async (route) => {
          asked.push(new URL(route.request().url()).searchParams);
          await route.fulfill({ json: manyUsers(3) });
        });
      },
    });
    await page.getByText('3 of 3').waitFor();
    const [query] = asked;
    expect([query?.get('q'), query?.getAll('state!'), query?.getAll('q!')]).toEqual([
      'p',
      ['active'],
      ['contractor'],
    ]);
    const filter = page.getByRole('combobox', { name: 'Name or mail' });
    await filter.fill('-st');
    await page.getByRole('option', { name: '-state:locked' }).click();
    expect(await filter.inputValue()).toBe('-state:locked');
    await filter.fill('state:bogus');
    await page.getByText('This list knows no state:bogus').waitFor();
    await page.context().close();
  });

  it('choose a suggestion by keyboard', async () => {
    const page = await console.open({ path: '/o/demo/runs' });
    const filter = page.getByRole('combobox', { name: 'Filter runs' });
    await filter.focus();
    await page.keyboard.type('state:d');
    await page.getByRole('option', { name: 'state:done' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await filter.inputValue()).toBe('state:done');
    await page.waitForURL(/q=state(:|%3A)done/);
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
