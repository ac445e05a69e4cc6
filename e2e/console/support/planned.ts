import type { BrowserContext } from 'playwright-core';
import { importAnswers } from './planned/imports.ts';
import { overview } from './planned/overview.ts';
import { stoppedRun } from './planned/runs.ts';
import { siteAnswers } from './planned/site.ts';
import { sweepAnswers } from './planned/sweeps.ts';

export { stoppedRun } from './planned/runs.ts';
export { brakedSweep } from './planned/sweeps.ts';
export { manyUsers } from './planned/users.ts';

const bodies: Readonly<Record<string, unknown>> = {
  '/api/overview': overview,
  [`/api/runs/${stoppedRun.id}`]: stoppedRun,
  ...sweepAnswers,
  ...importAnswers,
  ...siteAnswers,
};

/** Answers the API with states that are hard to bring about; what is not planned goes to the server. */
export async function planAnswers(
  context: BrowserContext,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const all = { ...bodies, ...more };
  await context.route('**/api/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (Object.hasOwn(all, pathname)) await route.fulfill({ json: all[pathname] });
    else await route.continue();
  });
}
