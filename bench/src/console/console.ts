import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const slower = 4;
const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser of this machine, if it has one. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** A running `dev` with its console, and a browser. */
export interface RunningConsole {
  readonly url: string;
  /** A page of the demo administrator; `answers` stand in for the server's, by path. */
  open(path: string, answers?: Readonly<Record<string, unknown>>): Promise<Page>;
  stop(): Promise<void>;
}

export async function startConsole(executablePath: string): Promise<RunningConsole> {
  const main = fileURLToPath(import.meta.resolve('../../../apps/cli/src/main.ts'));
  const args = [main, 'dev', '--ephemeral', '--port-base', '0', '--json'];
  const dev = spawn(process.execPath, ['--conditions=@drawbridge/source', ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { directory, demo } = await readyOf(dev);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const signIn = async (page: Page, path: string) => {
    await page.goto(`${directory}/auth/sign-in?application=console&return=${encodeURIComponent(path)}`);
    await page.fill('#loginName', demo.loginName);
    await page.fill('#password', demo.password);
    await page.click('button[type=submit]');
    await page.waitForSelector('main h1');
  };
  return {
    url: directory,
    async open(path, answers = {}) {
      const context = await browser.newContext({ viewport: { width: 1_280, height: 860 } });
      await answerWith(context, answers);
      const page = await context.newPage();
      await signIn(page, path);
      return page;
    },
    async stop() {
      await browser.close();
      dev.kill('SIGTERM');
      await once(dev, 'close');
    },
  };
}

/** Slows the page's processor down; what is measured before runs at full speed. */
export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
}

/** Waits until nothing of the page is fetched or drawn any more; its stream stays open. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 1_500 }).catch(() => undefined);
}

interface Ready {
  readonly directory: string;
  readonly demo: { readonly loginName: string; readonly password: string };
}

async function readyOf(dev: ChildProcess): Promise<Ready> {
  if (!dev.stdout) throw new Error('dev has no stdout');
  const [line] = (await once(createInterface({ input: dev.stdout }), 'line')) as [string];
  return JSON.parse(line) as Ready;
}

async function answerWith(
  context: BrowserContext,
  answers: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const [path, json] of Object.entries(answers)) {
    await context.route(
      ({ pathname }) => pathname === path,
      async (route) => await route.fulfill({ json }),
    );
  }
}
