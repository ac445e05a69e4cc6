import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startConsole } from '../e2e/console/support/console.ts';
import { makeUsers } from '../e2e/console/support/people.ts';
import { brakedSweep, planAnswers, stoppedRun } from '../e2e/console/support/planned.ts';
import { root } from './support/workspace.ts';

/**
 * Draws the console's pages into docs/images, in light and dark: a `dev` of its own with a few users in it, and planned
 * answers for what takes weeks to come about, such as a held sweep.
 */
const folder = join(root, 'docs/images');
const people = ['Ada Okafor', 'Ben Ito', 'Cy Ruiz', 'Dee Novak', 'Eva Lind', 'Finn Abel'];

mkdirSync(folder, { recursive: true });
const running = await startConsole();
try {
  const first = await running.open();
  const [id = ''] = await makeUsers(first, people);
  await first.context().close();
  const real = {
    users: '/o/demo/users',
    user: `/o/demo/users/${id}/summary`,
    organizations: '/site/organizations',
  };
  const planned = {
    overview: '/o/demo',
    run: `/o/demo/runs/${stoppedRun.id}`,
    sweep: `/site/sweeps/${brakedSweep.id}`,
  };
  for (const scheme of ['light', 'dark'] as const) {
    for (const [paths, prepare] of [
      [real, undefined],
      [planned, planAnswers],
    ] as const) {
      const page = await running.open({ scheme, site: true, ...(prepare ? { prepare } : {}) });
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(running.url + path);
        await page.waitForSelector('main h1');
        await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined); // the stream stays open
        await page.screenshot({ path: join(folder, `console-${name}-${scheme}.png`) });
      }
      await page.context().close();
    }
  }
} finally {
  await running.close();
}
