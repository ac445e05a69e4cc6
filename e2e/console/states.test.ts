import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutChromium } from './support/chromium.ts';
import { type ConsoleUnderTest, startConsole } from './support/console.ts';
import { brakedSweep, manyUsers, planAnswers, stoppedRun } from './support/planned.ts';

describe.skipIf(withoutChromium)('console: states that are hard to reach (needs Chromium)', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(async () => {
    await console.close();
  });

  it('S54 a braked sweep names people, organizations and limits, and is approved only with count and reason', async () => {
    const page = await console.open({
      path: `/site/sweeps/${brakedSweep.id}`,
      site: true,
      prepare: planAnswers,
    });
    await page.getByText('Would deactivate 36 of 412, limit 20. Nobody was deactivated.').waitFor();
    await page.getByText(/Started .* by the timer/).waitFor();
    await page.getByText('looks like the organization went away, not its people').waitFor();
    // What concerns all organizations is live as well.
    await page.locator('.live[data-status=live]').waitFor();
    await page.getByText('Person 35').waitFor();
    const sent: unknown[] = [];
    await page.route('**/approve', async (route) => {
      sent.push(route.request().postDataJSON());
      await route.fulfill({ status: 202, json: brakedSweep });
    });
    await page.getByRole('checkbox', { name: 'Select row' }).nth(1).check();
    await page.getByRole('checkbox', { name: 'Select row' }).nth(2).check();
    await page.getByRole('button', { name: 'Approve 2 users chosen' }).click();
    const dialog = page.getByRole('dialog');
    const approve = dialog.getByRole('button', { name: 'Deactivate 2 users' });
    expect(await approve.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('they left');
    expect(await approve.isDisabled()).toBe(true);
    await dialog.getByLabel('Type 2 to go on').fill('2');
    await approve.click();
    await dialog.waitFor({ state: 'detached' });
    expect(sent).toEqual([{ reason: 'they left', count: 2, users: ['user-1', 'user-2'] }]);
    await page.context().close();
  });

  it('a stopped run opens at the step that stopped, with reason and choices under it', async () => {
    const page = await console.open({ path: `/o/demo/runs/${stoppedRun.id}`, prepare: planAnswers });
    const step = page.locator('li[aria-current=step]');
    expect(await step.locator('summary').first().textContent()).toMatch(/^4Memberships/);
    const why = step.getByRole('region', { name: 'Why it stopped' });
    await why.getByText('The application project has no grant for Northwind.').waitFor();
    for (const name of ['Resume at step 4', 'Undo', 'Abandon'])
      await why.getByRole('button', { name }).waitFor();
    // Nowhere else, and before what only an engineer reads.
    expect(await page.getByRole('button', { name: 'Resume at step 4' }).count()).toBe(1);
    expect(await step.textContent()).toMatch(/Abandon.*Attempts6 of 6/);
    await step.getByText('Needs attention, attempt 6 of 6').waitFor();
    // What was asked and what came back: open where it failed.
    const asked = step.getByRole('region', { name: 'What was asked and answered' });
    await asked.getByText('"roleKeys": [').waitFor();
    await asked.getByText('"message": "project is not granted"').waitFor();
    await asked.getByText('400, 188 ms').waitFor();
    await page
      .getByText(/^Resumed by cy, .* because: the grant was to be there by now\.$/)
      .first()
      .waitFor();
    await page.getByText('Stopped at step 4 of 7, memberships').waitFor();
    await page.getByText('Zitadel: project is not granted').waitFor();
    await why.getByText('Steps 1 to 3 are not repeated.').waitFor();
    await why.getByText('Deletes Zitadel user 314159265358.').waitFor();
    const decided: string[] = [];
    await page.route('**/resume', async (route) => {
      decided.push(route.request().postData() ?? '');
      await route.fulfill({ status: 202, json: { ...stoppedRun, state: 'running', choices: [] } });
    });
    await page.getByRole('button', { name: 'Resume at step 4' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('granted now');
    await page.getByRole('dialog').getByRole('button', { name: 'Resume at step 4' }).click();
    await expect.poll(() => decided).toEqual(['{"reason":"granted now"}']);
    await page.context().close();
  });

  it('what cannot be read costs its card, not the page, and says what to do', async () => {
    const page = await console.open({
      path: '/o/demo/users',
      prepare: async (context) => {
        await context.route('**/api/users?*', async (route) => {
          await route.fulfill({
            status: 503,
            contentType: 'application/problem+json',
            json: {
              type: 'about:blank',
              title: 'Unavailable',
              status: 503,
              code: 'database_unreachable',
              detail: 'The database did not answer.',
              fix: 'Start it again.',
              requestId: 'request-3m8t',
            },
          });
        });
      },
    });
    const panel = page.getByRole('alert').filter({ hasText: 'The users could not be read' });
    await panel.getByText('The database did not answer.').waitFor({ timeout: 15_000 });
    await panel.getByText('database_unreachable').waitFor();
    await panel.getByText('Start it again.').waitFor();
    await panel.getByRole('button', { name: /request-3m8t/ }).waitFor();
    await page.getByRole('button', { name: 'Create user' }).waitFor();
    await page.context().close();
  });

  it('an integration that was not asked for a minute is unknown, not fine', async () => {
    const page = await console.open({ path: '/o/demo', prepare: planAnswers });
    const strip = page.getByRole('region', { name: 'Health' });
    await strip.getByText('Unreachable', { exact: true }).waitFor();
    const old = strip.getByRole('listitem').filter({ hasText: 'old answer' });
    await old.getByText('Unknown').waitFor();
    await page.getByText('Deactivated people were denied within').waitFor();
    await page.context().close();
  });

  it('the head of a list answers: how many, and what of them is not as it should be', async () => {
    const page = await console.open({ path: '/o/demo/sweeps', site: true, prepare: planAnswers });
    await page.getByText('36 users held, nobody deactivated.').waitFor();
    await page.goto(`${console.url}/o/demo/service-accounts`);
    await page.getByText('1 account, none known to lack a role.').waitFor();
    await page.goto(`${console.url}/site/organizations`);
    await page.getByText(/^1 organization, (1 drifted|all mapped)\.$/).waitFor();
    await page.goto(`${console.url}/o/demo/users`);
    await page.getByText('1 person in Demo').waitFor();
    await page.context().close();
  });

  it('who was deactivated elsewhere cannot be activated here, and the page says where', async () => {
    const elsewhere = { ...manyUsers(1).items[0], active: false, state: 'inactive_elsewhere' };
    const page = await console.open({
      path: '/o/demo/users/user-0/summary',
      prepare: (context) => planAnswers(context, { '/api/users/user-0': elsewhere }),
    });
    await page.getByText('Deactivated in Zitadel’s console; activate it there.', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Activate Person' }).isDisabled()).toBe(true);
    await page.context().close();
  });

  it('10,000 rows are never all in the page', async () => {
    const page = await console.open({
      path: '/o/demo/users',
      prepare: (context) => planAnswers(context, { '/api/users': manyUsers(10_000) }),
    });
    await page.getByText('Person 3', { exact: true }).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await page.getByText('Person 9999', { exact: true }).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
    expect(await page.locator('table').getAttribute('aria-rowcount')).toBe('10001');
    await page.context().close();
  });

  it('a session that ended stays, greyed, with when', async () => {
    const elsewhere = await console.open();
    const page = await console.open({ path: '/me' });
    const row = page.getByRole('row').filter({ hasText: 'Chrome on Linux', hasNotText: 'this browser' });
    await row.first().getByRole('button', { name: 'End', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
    const gone = page.locator('tr[data-gone]');
    await gone.getByText(/^ended/).waitFor();
    expect(await gone.count()).toBe(1);
    // Also after another page was looked at.
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.goBack();
    await gone.getByText(/^ended/).waitFor();
    await page.context().close();
    await elsewhere.context().close();
  });

  it('an integration in use is not removed, and it is said who uses it', async () => {
    const page = await console.open({ path: '/site/integrations', site: true });
    const name = 'zitadel';
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: `Remove ${name}` });
    await dialog.getByLabel('Reason').fill('moved away');
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel(`Type ${name} to go on`).fill(name);
    await remove.click();
    await dialog.getByText('organizations use it: Demo').waitFor();
    await dialog.getByText('integration_in_use').waitFor();
    await page.context().close();
  });

  it('an integration that nobody uses is removed by its name, with a reason', async () => {
    const page = await console.open({ path: '/site/integrations', site: true, prepare: planAnswers });
    const sent: unknown[] = [];
    await page.route('**/api/integrations/*', async (route) => {
      if (route.request().method() !== 'DELETE') return await route.fallback();
      sent.push(route.request().postDataJSON());
      return await route.fulfill({ json: { webhooks: 12 } });
    });
    await page.getByRole('button', { name: 'Remove zitadel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/leave in it what sends us its events/).check();
    await dialog.getByLabel('Reason').fill('closed down');
    await dialog.getByLabel('Type zitadel to go on').fill('zitadel');
    await dialog.getByRole('button', { name: 'Remove zitadel' }).click();
    await page.getByText('Removed zitadel, with its webhook for 12 kinds of events').waitFor();
    expect(sent).toEqual([{ name: 'zitadel', reason: 'closed down', leave: true }]);
    await page.context().close();
  });

  it('what takes long says for whom it waits, and can be given up', async () => {
    const page = await console.open({
      path: '/o/demo/users',
      prepare: async (context) => {
        let asked = 0;
        await context.route('**/api/users?*', async (route) => {
          asked += 1;
          if (asked > 1) await route.fulfill({ json: manyUsers(2) }); // the first is never answered
        });
      },
    });
    await page.getByText('Still waiting for Drawbridge').waitFor({ timeout: 10_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Nobody waits for Drawbridge any more').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Person 1', { exact: true }).waitFor();
    await page.context().close();
  });

  it('who may not do something is told what it takes, and whom to ask', async () => {
    const page = await console.open({
      path: `/o/demo/runs/${stoppedRun.id}`,
      prepare: async (context) => {
        await planAnswers(context);
        await context.route('**/api/me', async (route) => {
          const response = await route.fetch();
          const me = (await response.json()) as { organizations: object[] };
          const organizations = me.organizations.map((one) => ({
            ...one,
            permissions: ['users.read', 'runs.read'],
          }));
          await route.fulfill({ json: { ...me, organizations, siteAdministrator: false } });
        });
        await context.route('**/api/users/refused', async (route) => {
          await route.fulfill({ status: 403, json: { code: 'forbidden', title: 'Refused.', status: 403 } });
        });
      },
    });
    await page.getByText(/To decide about this run you need the role .* in Demo\./).waitFor();
    await page.getByText('Administrators: Demo Admin.').waitFor();
    await page.goto(`${console.url}/o/demo/users/refused/summary`);
    await page.getByRole('alert').getByText('Administrators: Demo Admin.').waitFor();
    await page.context().close();
  });

  it('the exact time stands beside one that has the focus', async () => {
    const page = await console.open({ path: `/o/demo/runs/${stoppedRun.id}`, prepare: planAnswers });
    const time = page.locator('main header time').first();
    await page.keyboard.press('Tab'); // from here on the keyboard leads
    await time.focus();
    const shown = await page.evaluate("getComputedStyle(document.activeElement, '::after').content");
    expect(shown).toBe(`"${await time.getAttribute('datetime')}"`);
    await page.context().close();
  });

  it('saving an integration is closed while a check fails', async () => {
    const page = await console.open({ path: '/site/integrations/new', site: true, prepare: planAnswers });
    await page.getByLabel('Name').fill('acme');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Issuer').fill('https://sso.acme.example/ui');
    await page.getByText('no path behind it').waitFor();
    await page.getByLabel('Issuer').fill('https://sso.acme.example');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Service account key').fill('env:ACME_KEY');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('every assertion is refused').waitFor();
    await page.getByLabel('Reason').fill('a second instance');
    expect(await page.getByRole('button', { name: 'Save integration' }).isDisabled()).toBe(true);
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('ACME_KEY');
    await page.context().close();
  });
});
