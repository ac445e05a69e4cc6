import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from './support/axe.ts';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { makeUsers } from './support/people.ts';
import { brakedSweep, planAnswers, stoppedRun } from './support/planned.ts';

const paths = [
  '/me',
  '/o/demo',
  '/o/demo/users',
  '/o/demo/runs',
  `/o/demo/runs/${stoppedRun.id}`,
  '/o/demo/imports',
  '/o/demo/imports/import-checked',
  '/o/demo/imports/import-running',
  '/o/demo/sweeps',
  `/site/sweeps/${brakedSweep.id}`,
  '/o/demo/sessions',
  '/o/demo/service-accounts',
  '/o/demo/audit',
  '/o/demo/settings',
  '/site/organizations',
  '/site/integrations',
  '/site/integrations/new',
  '/site/sweeps',
  '/site/audit',
  '/site/settings',
  '/o/nowhere',
];

describe.skipIf(withoutChromium)('console: for everybody (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  let userPaths: readonly string[] = [];
  beforeAll(async () => {
    console = await startConsole();
    const page = await console.open();
    const [id = ''] = await makeUsers(page, ['Access Ible']);
    userPaths = ['summary', 'access', 'sessions', 'devices', 'history'].map(
      (tab) => `/o/demo/users/${id}/${tab}`,
    );
    // A run as it comes: what stands in planned ones may be kinder to the page.
    const run = await page.evaluate(
      "fetch('/api/runs?organization=demo&limit=1').then(async (answer) => (await answer.json()).items[0].id)",
    );
    userPaths = [...userPaths, `/o/demo/runs/${String(run)}`];
    await page.context().close();
  });
  afterAll(async () => {
    await console.close();
  });

  /** Waits until a page has everything it will show at once. */
  async function settle(page: Page): Promise<void> {
    await page.waitForSelector('main h1');
    await expect
      .poll(() => page.locator('[role=status][aria-label^=Waiting], [data-on=true]').count(), {
        timeout: 15_000,
      })
      .toBe(0);
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`axe finds nothing on any page, and none scrolls sideways, on a phone or at twice the size, ${scheme}`, async () => {
      const page = await console.open({ scheme, site: true, prepare: planAnswers });
      const found: string[] = [];
      for (const path of [...paths, ...userPaths]) {
        await page.goto(console.url + path);
        await settle(page);
        for (const barrier of await findBarriers(page)) found.push(`${path} ${barrier}`);
        // 640 is a window of 1280 at twice the size.
        for (const width of [360, 640, 1_280]) {
          await page.setViewportSize({ width, height: 860 });
          if ((await page.evaluate('document.documentElement.scrollWidth > innerWidth')) === true) {
            found.push(`${path} scrolls sideways at ${width}`);
          }
        }
      }
      await page.context().clearCookies();
      await page.goto(`${console.url}/o/demo/users`);
      await page.getByRole('heading', { name: 'Sign in to Drawbridge' }).waitFor();
      for (const barrier of await findBarriers(page)) found.push(`sign-in ${barrier}`);
      expect(found).toEqual([]);
      await page.context().close();
    }, 180_000);

    it(`axe finds nothing in dialogs and panels, ${scheme}`, async () => {
      const page = await console.open({ scheme, site: true, prepare: planAnswers });
      const found: string[] = [];
      const look = async (name: string) => {
        await page.getByRole('dialog').first().waitFor();
        for (const barrier of await findBarriers(page)) found.push(`${name} ${barrier}`);
      };
      await page.goto(`${console.url}/o/demo/users?panel=create`);
      await look('create');
      await page.goto(`${console.url}/o/demo/runs`);
      await page.getByRole('button', { name: 'Columns' }).click();
      await look('columns');
      await page.goto(`${console.url}/o/demo`);
      await page.getByText('Numbers').first().click();
      await page.getByRole('region', { name: /^Numbers: / }).waitFor();
      for (const barrier of await findBarriers(page)) found.push(`numbers ${barrier}`);
      await page.goto(console.url + (userPaths[0] ?? ''));
      await page.getByRole('button', { name: 'Deactivate Access' }).click();
      await look('deactivate');
      await page.goto(`${console.url}/site/sweeps/${brakedSweep.id}`);
      await page.getByRole('button', { name: /Approve/ }).click();
      await look('approve');
      await page.goto(`${console.url}/o/demo/service-accounts`);
      await page.getByRole('button', { name: /keys of/ }).click();
      await look('keys');
      await page.goto(`${console.url}/site/settings`);
      await page.getByRole('button', { name: 'Change Brake', exact: true }).click();
      await look('setting');
      await page.goto(`${console.url}/site/settings`);
      await page.getByRole('button', { name: 'Add administrator' }).click();
      await look('add administrator');
      await page.goto(`${console.url}/site/settings`);
      await page.getByRole('button', { name: 'Remove Demo Admin' }).click();
      await look('remove administrator');
      await page.goto(`${console.url}/me`);
      await page.waitForSelector('main h1');
      await page.keyboard.press('Control+k');
      await look('palette');
      expect(found).toEqual([]);
      await page.context().close();
    }, 120_000);
  }

  it('a phone of 360 pixels has its menu, and cards for rows', async () => {
    const page = await console.open({ width: 360, path: '/o/demo/runs' });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Users' }).click();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await page.getByRole('link', { name: 'Access Ible' }).waitFor();
    expect(await page.evaluate("getComputedStyle(document.querySelector('tbody tr')).display")).toBe('block');
    await page.context().close();
  });
});
