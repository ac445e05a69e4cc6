import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { manyUsers, planAnswers } from './support/planned.ts';

/** What makes pages quick. How quick they are tells `npm run bench -- console`, which does not fail for another program's sake. */
describe.skipIf(withoutChromium)('console: quick (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  /** Presses a link of the navigation. @returns how many rows the first drawing of the page had, and the last */
  async function rowsDrawn(page: Page, name: string): Promise<readonly [first: number, last: number]> {
    return (await page.evaluate(`new Promise((resolve) => {
      const rows = () => document.querySelectorAll('tr[data-row]').length;
      const observer = new MutationObserver(() => {
        if (document.querySelector('main h1')?.textContent !== '${name}') return;
        observer.disconnect();
        const first = rows();
        setTimeout(() => resolve([first, rows()]), 500);
      });
      observer.observe(document.querySelector('main'), { childList: true, subtree: true });
      [...document.querySelectorAll('nav[aria-label=Pages] a')].find((one) => one.textContent.startsWith('${name}')).click();
    })`)) as readonly [number, number];
  }

  it('a page seen before is drawn from what is there: first its screen, the other rows once that is seen', async () => {
    const page = await console.open({
      path: '/o/demo/users',
      prepare: (context) => planAnswers(context, { '/api/users': manyUsers(55) }),
    });
    await page.getByText('Person 54', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    const scripts: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.url());
    });
    const [first, last] = await rowsDrawn(page, 'Users');
    expect(first).toBeGreaterThan(10);
    expect(first).toBeLessThan(25);
    expect(last).toBe(55);
    expect(scripts.filter((url) => url.includes('/assets/users-'))).toEqual([]);
    await page.context().close();
  });

  it('the pages one goes to are fetched before they are asked for', async () => {
    const page = await console.open({ path: '/o/demo/users' });
    const fetched = async () =>
      (await page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")) as string[];
    for (const name of ['overview', 'runs', 'audit', 'sessions']) {
      await expect
        .poll(async () => (await fetched()).some((url) => url.includes(`/assets/${name}-`)), {
          timeout: 15_000,
        })
        .toBe(true);
    }
    expect((await fetched()).some((url) => /integration-wizard/.test(url))).toBe(false);
    await page.context().close();
  });
});
