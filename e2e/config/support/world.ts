import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launch } from '../../console/support/chromium.ts';
import { drawbridge, type Ended, main, type Running, startDrawbridge } from '../../support/command.ts';
import { drawbridgeInTerminal, type InTerminal } from '../../support/pseudo-terminal.ts';
import { approveInBrowser, type Person } from './approve.ts';

/** A `dev` with nothing of before, a browser, and homes of people on one machine. */
export interface World {
  readonly dev: Running;
  /** Where everything of it lies. */
  readonly folder: string;
  readonly issuer: string;
  readonly openbao: string;
  readonly admin: Person;
  readonly browser: Browser;
  /** The home of somebody on this machine: their sessions are not those of others. */
  home(name: string): Home;
  /** Types a code into the device page, and lets the device in as that person. */
  approve(code: string, person: Person): Promise<void>;
  /** Sets switches of an emulator. */
  control(server: string, settings: object): Promise<void>;
  close(): Promise<void>;
}

/** One person's account on the machine. */
export interface Home {
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command without a terminal. */
  run(...args: string[]): Promise<Ended>;
  /** Runs a command in a terminal of its own. */
  type(...args: string[]): InTerminal;
  /** Runs a command with this on its stdin. */
  feed(stdin: string, ...args: string[]): Promise<Ended>;
  /** Starts a command without a terminal, to be watched. */
  start(...args: string[]): Watched;
  /** The same account with further variables set. */
  with(env: Readonly<Record<string, string>>): Home;
  /** Makes the tokens of the session look as if their time were over. */
  letTokensEnd(): Promise<void>;
  /** Signs in as that person, by the device page in the browser. Resolves to what the terminal showed. */
  login(person: Person, ...flags: string[]): Promise<string>;
}

/** A command that runs. */
export interface Watched {
  output(): string;
  waitFor(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
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
  const approve = async (code: string, person: Person) => {
    await approveInBrowser(browser, { link: `${issuer}/device`, code }, person);
  };
  const homeOf = (folderOfHome: string, env: Readonly<Record<string, string>>): Home => ({
    env,
    run: (...args) => drawbridge(args, env),
    type: (...args) => drawbridgeInTerminal(args, env),
    feed: (stdin, ...args) => {
      const watched = watch(args, env);
      watched.child.stdin.end(stdin);
      return watched.all;
    },
    start: (...args) => {
      const watched = watch(args, env);
      watched.child.stdin.end();
      return watched;
    },
    with: (more) => homeOf(folderOfHome, { ...env, ...more }),
    async letTokensEnd() {
      const sessions = join(folderOfHome, 'data/sessions');
      for (const name of (await readdir(sessions)).filter((file) => file.endsWith('.json'))) {
        const record = JSON.parse(await readFile(join(sessions, name), 'utf8')) as object;
        const past = { accessExpiresAt: Date.now() - 1_000, idTokenExpiresAt: Date.now() - 1_000 };
        await writeFile(join(sessions, name), JSON.stringify({ ...record, ...past }));
      }
    },
    async login(person, ...flags) {
      const terminal = drawbridgeInTerminal(['login', ...flags], env);
      const [, code = ''] = await terminal.waitFor(/type {3}([A-Z]{4}-[A-Z]{4})/);
      const link = /open {3}(\S+)/.exec(terminal.text())?.[1] ?? '';
      await approveInBrowser(browser, { link, code }, person);
      const exit = await terminal.ended;
      if (exit !== 0) throw new Error(`login ended with ${exit}:\n${terminal.text()}`);
      return terminal.text();
    },
  });
  return {
    dev,
    folder,
    issuer,
    openbao,
    browser,
    admin: dev.ready.demo as Person,
    approve,
    async control(server, settings) {
      await fetch(`${server}/emulator/controls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      });
    },
    home(name) {
      return homeOf(join(folder, name), {
        DRAWBRIDGE_DATA_DIR: join(folder, name),
        HARMONY_SSO_URL: issuer,
        HARMONY_SSO_CLIENT_ID: String(dev.ready.deviceClientId),
        OPENBAO_URL: openbao,
      });
    },
    async close() {
      await browser.close();
      await dev.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function watch(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--conditions=@drawbridge/source', main, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      output[stream] += chunk.toString();
      for (const watcher of watchers) watcher();
    });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      resolve(code);
      for (const watcher of watchers) watcher();
    });
  });
  return {
    child,
    ended,
    all: ended.then((code): Ended => ({ code, ...output })),
    output: () => output.stdout + output.stderr,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    waitFor: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          const found = pattern.test(output.stdout + output.stderr);
          if (!found && child.exitCode === null) return;
          watchers.delete(look);
          if (found) resolve();
          else reject(new Error(`the command ended: ${output.stderr}`));
        };
        watchers.add(look);
        look();
      }),
  };
}
