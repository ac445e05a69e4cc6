import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { planAnswers } from './support/planned.ts';

describe.skipIf(withoutChromium)('console: charts (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  const charts = [
    { finding: /Deactivated people were denied within/, opens: /\/o\/demo\/users\/[\w-]+\/history$/ },
    { finding: /The last sweep corrected/, opens: /\/o\/demo\/sweeps\/[\w-]+$/ },
    { finding: /runs in 24 h/, opens: /\/o\/demo\/runs\?q=(state(:|%3A)\w+(%20|\+))?from(:|%3A).+to(:|%3A)/ },
    { finding: /Zitadel’s events come within/, opens: /\/o\/demo\/audit\?around=/ },
  ];

  it.each(charts)('$finding has its numbers as a table, and leads to the list behind it', async (chart) => {
    const page = await console.open({ path: '/o/demo', prepare: planAnswers });
    const heading = page.getByRole('heading', { name: chart.finding });
    const figure = page.locator('figure').filter({ has: heading });
    await figure.getByText('Numbers').click();
    await figure.getByRole('table').waitFor();
    const rows = figure.getByRole('table').getByRole('row');
    expect(await rows.count()).toBeGreaterThan(10);
    const link = rows.nth(1).getByRole('link');
    expect(await link.getAttribute('href')).toMatch(chart.opens);
    // A press on the drawing leads there as well.
    await figure.locator('svg [data-open]').last().dispatchEvent('click');
    await page.waitForURL(chart.opens);
    await page.context().close();
  });

  it('are hatched where data lack, and say when events came again', async () => {
    const page = await console.open({ path: '/o/demo', prepare: planAnswers });
    const lag = page.locator('figure').filter({ hasText: 'Zitadel’s events come within' });
    await lag.waitFor();
    expect(await lag.locator('svg[role=img] rect[fill$="gap)"]').count()).toBe(1);
    await lag.getByText(/caught up .*\d\d:\d\d/).waitFor();
    // Kinds of runs differ by pattern, not by colour alone.
    const runs = page.locator('figure').filter({ hasText: 'runs in 24 h' });
    const fills = await runs
      .locator('svg[role=img] rect[data-open]')
      .evaluateAll((bars) => [
        ...new Set(bars.map((bar) => /[a-z]+(?=\)$)/.exec(String(bar.getAttribute('fill')))?.[0])),
      ]);
    expect(fills.sort()).toEqual(['attention', 'done', 'quarantined', 'waiting']);
    await page.context().close();
  });

  it('of the life of keys opens the keys of its account', async () => {
    const page = await console.open({ path: '/o/demo/service-accounts', prepare: planAnswers });
    const card = page.getByRole('region', { name: 'The next key ends in 5 days.' });
    await card.getByRole('button', { name: 'Drawbridge directory' }).first().click();
    await page.getByRole('dialog', { name: 'Keys of Drawbridge directory' }).waitFor();
    await page.context().close();
  });
});
