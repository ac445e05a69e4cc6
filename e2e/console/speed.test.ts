import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { manyUsers, planAnswers } from './support/planned.ts';

const goalMs = 100;
const rounds = 7;

describe.skipIf(withoutChromium)('console: quick (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  /** From the press on a link of the navigation until the next page is painted, in milliseconds. */
  async function changePage(page: Page, name: string): Promise<number> {
    return (await page.evaluate(`new Promise((resolve) => {
      const link = [...document.querySelectorAll('nav[aria-label=Pages] a')].find((one) => one.textContent.startsWith('${name}'));
      const began = performance.now();
      const look = () => {
        if (document.querySelector('main h1')?.textContent === '${name}') {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - began);
          channel.port2.postMessage(0); // after the frame in which the page stands was painted
        } else requestAnimationFrame(look);
      };
      link.click();
      requestAnimationFrame(look);
    })`)) as number;
  }

  // Tried again, since a machine that has other work to do may be slow for all of a try.
  it(`changes to a page already seen within ${goalMs} ms`, { timeout: 120_000, retry: 2 }, async () => {
    const page = await console.open({
      path: '/o/demo/users',
      prepare: (context) => planAnswers(context, { '/api/users': manyUsers(200) }),
    });
    await page.getByText('Person 3', { exact: true }).waitFor();
    const names = ['Overview', 'Runs', 'Users', 'Sweeps'];
    for (const name of names) {
      await changePage(page, name);
      await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined); // the stream stays open
    }
    const took = new Map<string, number[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) took.get(name)?.push(Math.round(await changePage(page, name)));
    }
    // The middle one: what else this machine does at the time is not the page's.
    for (const [name, times] of took) {
      const middle = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
      expect(middle, `${name}: ${times.join(', ')} ms`).toBeLessThanOrEqual(goalMs);
    }
    await page.context().close();
  });
});
