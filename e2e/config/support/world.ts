import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launch } from '../../console/support/chromium.ts';
import { drawbridge, type Ended, type Running, startDrawbridge } from '../../support/command.ts';
import { drawbridgeInTerminal, type InTerminal } from '../../support/pseudo-terminal.ts';
import { approveInBrowser, type Person } from './approve.ts';

/** A `dev` with nothing of before, a browser, and homes of people on one machine. */
export interface World {
  readonly dev: Running;
  readonly issuer: string;
  readonly openbao: string;
  readonly admin: Person;
  readonly browser: Browser;
  /** The home of somebody on this machine: their sessions are not those of others. */
  home(name: string): Home;
  close(): Promise<void>;
}

/** One person's account on the machine. */
export interface Home {
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command without a terminal. */
  run(...args: string[]): Promise<Ended>;
  /** Runs a command in a terminal of its own. */
  type(...args: string[]): InTerminal;
  /** Signs in as that person, by the device page in the browser. Resolves to what the terminal showed. */
  login(person: Person, ...flags: string[]): Promise<string>;
}

export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-config-'));
  const devFolder = join(folder, 'dev');
  const dev = await startDrawbridge(['dev', '--data-dir', devFolder, '--port-base', '0']);
  const issuer = String(dev.ready.issuer);
  const openbao = String(dev.ready.openbao);
  let browser: Browser;
  try {
    browser = await launch();
  } catch (error) {
    await dev.kill('SIGTERM');
    throw error;
  }
  return {
    dev,
    issuer,
    openbao,
    browser,
    admin: dev.ready.demo as Person,
    home(name) {
      const env = {
        DRAWBRIDGE_DATA_DIR: join(folder, name),
        HARMONY_SSO_URL: issuer,
        HARMONY_SSO_CLIENT_ID: String(dev.ready.deviceClientId),
        OPENBAO_URL: openbao,
      };
      const type = (...args: string[]) => drawbridgeInTerminal(args, env);
      return {
        env,
        run: (...args) => drawbridge(args, env),
        type,
        async login(person, ...flags) {
          const terminal = type('login', ...flags);
          const [, code = ''] = await terminal.waitFor(/type {3}([A-Z]{4}-[A-Z]{4})/);
          const link = /open {3}(\S+)/.exec(terminal.text())?.[1] ?? '';
          await approveInBrowser(browser, { link, code }, person);
          const exit = await terminal.ended;
          if (exit !== 0) throw new Error(`login ended with ${exit}:\n${terminal.text()}`);
          return terminal.text();
        },
      };
    },
    async close() {
      await browser.close();
      await dev.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
