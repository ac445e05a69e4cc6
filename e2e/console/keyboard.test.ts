import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { makeUsers } from './support/people.ts';

describe.skipIf(withoutChromium)('console: by keyboard alone (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  it('moves, selects, opens and goes back', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await page.getByRole('link', { name: 'Demo Admin' }).waitFor();
    await page.locator('.live[data-status=live]').waitFor();
    await makeUsers(page, ['Key Board', 'Second Row']);
    await page.getByRole('button', { name: '2 new, show' }).click();
    await page.getByRole('link', { name: 'Second Row' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText('2 users chosen').waitFor();
    const opened = await page.locator('tr[data-active=true] a').first().textContent();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: opened ?? '' }).waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { level: 1, name: 'Second Row' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: opened ?? '' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('g second');
    // What is typed into the filter is text, not the way to another page.
    expect(await page.getByRole('combobox', { name: 'Name or mail' }).inputValue()).toBe('g second');
    await page.context().close();
  });

  it('goes to pages by two letters, and to people and ids by the palette', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    const [id = ''] = await makeUsers(page, ['Palette Person']);
    await page.locator('body').click({ position: { x: 700, y: 800 } });
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find or go to' });
    await palette.getByRole('combobox').fill('palette');
    await palette.getByRole('option', { name: /Palette Person/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Palette Person' }).waitFor();

    await page.keyboard.press('Control+k');
    await palette.getByRole('combobox').fill(id);
    await palette.getByRole('option', { name: new RegExp(`User ${id}`) }).waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('lists its keys, and lets single letters be switched off', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await page.getByRole('link', { name: 'Demo Admin' }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('copy id').waitFor();
    await help.getByLabel('Single letters do something').uncheck({ force: true });
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    expect(await page.locator('tr[data-active=true]').count()).toBe(0);
    await page.context().close();
  });

  it('gives the focus of a closed dialog back to its opener', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await page.getByRole('link', { name: 'Demo Admin' }).click();
    const opener = page.getByRole('button', { name: 'Deactivate Demo' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    // The harmless choice has the focus, so that Enter once too often does nothing.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Keep active');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Deactivate Demo');
    await page.context().close();
  });
});
