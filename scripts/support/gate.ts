import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.ts';

/** One thing that must hold before a change is taken. */
export interface Gate {
  readonly name: string;
  /** What is wrong, one entry a complaint; empty when the gate is passed. */
  run(): Promise<readonly string[]>;
}

export interface Finished {
  readonly code: number;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** knip's arguments for what a package imports but does not list itself, whatever the root of the workspace lists. */
export const unlisted = ['--no-progress', '--strict', '--dependencies'] as const;

/** Runs a program of node_modules/.bin, or another, from the root of the workspace. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: '1',
        ...env,
        PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(pieces).toString().trim() }),
    );
  });
}

/** A gate that is passed when a program ends with 0. */
export function programGate(name: string, ...commands: readonly (readonly [string, ...string[]])[]): Gate {
  return {
    name,
    run: async () => {
      const complaints: string[] = [];
      for (const [program, ...args] of commands) {
        const { code, output } = await runProgram(program, args);
        if (code !== 0) complaints.push(output || `${program} ended with ${code}`);
      }
      return complaints;
    },
  };
}
