import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Running, startDrawbridge } from '../../support/command.ts';
import { launch } from './chromium.ts';

export interface OpenOptions {
  /** Where to begin, after the sign-in. */
  readonly path?: string;
  readonly scheme?: 'light' | 'dark';
  /** Width of the window in pixels; 1280 when absent. */
  readonly width?: number;
  /** Whether to sign in for all organizations. */
  readonly site?: boolean;
  /** Before the first page: answers that are planned instead of the server's. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

/** A running `dev` with its console, and a browser to look at it. */
export interface ConsoleUnderTest {
  readonly url: string;
  readonly dev: Running;
  /** A window in which the demo administrator has signed in, as a person does: by the form of the emulated Zitadel. */
  open(options?: OpenOptions): Promise<Page>;
  /** What the pages complained of so far: errors of scripts, and whatever the content policy refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Starts `dev` with nothing kept, on ports of its own, and a browser. */
export async function startConsole(): Promise<ConsoleUnderTest> {
  const dev = await startDrawbridge(['dev', '--ephemeral', '--port-base', '0']);
  const { directory: url, demo } = dev.ready as {
    directory: string;
    demo: { loginName: string; password: string };
  };
  let browser: Browser;
  try {
    browser = await launch();
  } catch (error) {
    await dev.kill('SIGTERM');
    throw error;
  }
  const complaints: string[] = [];
  return {
    url,
    dev,
    complaints,
    async open({ path = '/', scheme = 'light', width = 1_280, site = false, prepare } = {}) {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport: { width, height: 860 },
        reducedMotion: 'reduce',
      });
      await prepare?.(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
      });
      const application = site ? 'management' : 'console';
      await page.goto(`${url}/auth/sign-in?application=${application}&return=${encodeURIComponent(path)}`);
      await page.fill('#loginName', demo.loginName);
      await page.fill('#password', demo.password);
      await page.click('button[type=submit]');
      await page.waitForSelector('h1');
      return page;
    },
    async close() {
      await browser.close();
      await dev.kill('SIGTERM');
    },
  };
}
