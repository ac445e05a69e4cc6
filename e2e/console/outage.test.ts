import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { planAnswers } from './support/planned.ts';

describe.skipIf(withoutChromium)('console: Zitadel breaks and comes back (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  const breakZitadel = async (broken: boolean) => {
    const faults = broken ? [{ match: '*UserService/CreateUser', status: 503 }] : [];
    const answer = await fetch(`${String(console.dev.ready.issuer)}/emulator/controls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults }),
    });
    expect(answer.status).toBe(200);
  };

  it('the way to the switches stands with the health of an emulated Zitadel alone', async () => {
    const page = await console.open({ path: '/o/demo' });
    const health = page.getByRole('region', { name: 'Health' });
    const link = health.getByRole('link', { name: /Make it fail/ });
    await link.waitFor();
    expect(await link.count()).toBe(1);
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await opened.getByRole('heading', { level: 1, name: 'Emulated Zitadel' }).waitFor();
    await page.context().close();

    const real = await console.open({ path: '/o/demo', prepare: planAnswers });
    await real.getByText('Reachable', { exact: true }).first().waitFor();
    expect(await real.getByRole('link', { name: /Make it fail/ }).count()).toBe(0);
    await real.context().close();
  });

  it('a run waits, says for what, and goes on by itself', { timeout: 90_000 }, async () => {
    const page = await console.open({ path: '/o/demo/users' });
    await breakZitadel(true);
    await page.getByRole('button', { name: 'Create user' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Given name').fill('Fay');
    await panel.getByLabel('Family name').fill('Ult');
    await panel.getByLabel('Mail').fill('fay@demo.localhost');
    await panel.getByRole('button', { name: 'Create user' }).click();
    await panel
      .getByText(/Retrying/)
      .first()
      .waitFor();
    await panel
      .getByText(/attempt \d/)
      .first()
      .waitFor();
    await breakZitadel(false);
    await panel
      .getByRole('status')
      .getByText(/Provisioned and fine|Everything it set out/)
      .waitFor({ timeout: 60_000 });
    await page.context().close();
  });
});
