import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The command's sources. */
export const main = join(import.meta.dirname, '../../apps/cli/src/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line to its end, with nothing of this machine's settings in its environment. */
export async function drawbridge(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = start(args, env);
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** Folder in which long-running commands leave what they wrote, each in a file of its name; by `make test-e2e`. */
const logs = process.env.E2E_LOGS;

/** A command that runs until it is stopped, and has said that it is ready. */
export interface Running {
  readonly ready: Readonly<Record<string, unknown>>;
  /** Everything it wrote so far. */
  readonly output: () => string;
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts a long-running command with `--json` and waits for its `ready` line. */
export async function startDrawbridge(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = start([...args, '--json'], env);
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  if (!child.stdout) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  const ended = (once(child, 'close') as Promise<[number | null]>).then(async ([code]) => {
    if (logs !== undefined) await appendFile(join(logs, `${args[0] ?? 'drawbridge'}.log`), output);
    return code;
  });
  const line = await Promise.race([once(lines, 'line') as Promise<[string]>, ended.then(() => undefined)]);
  if (!line) throw new Error(`the command ended: ${output}`);
  return {
    ready: JSON.parse(line[0]) as Record<string, unknown>,
    output: () => output,
    kill: async (signal) => {
      child.kill(signal);
      return await ended;
    },
  };
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--conditions=@drawbridge/source', main, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
