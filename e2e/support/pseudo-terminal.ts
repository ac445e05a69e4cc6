import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { main } from './command.ts';

/** A command that has a terminal of its own, as when a person typed it. */
export interface InTerminal {
  /** Everything it wrote so far, as it came. */
  raw(): string;
  /** The same as a person reads it: no control characters; lines that were drawn again stand one after the other. */
  text(): string;
  /** Resolves once the text matches. Rejects when the command ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Presses keys. */
  press(keys: string): void;
  /** Ends it from outside. What it started in its terminal is hung up on. */
  kill(signal: NodeJS.Signals): void;
  /** Its exit code. */
  readonly ended: Promise<number>;
}

export interface TerminalSize {
  readonly columns?: number;
  readonly rows?: number;
}

/** Runs a program in a pseudo-terminal, with nothing of this machine's settings in its environment. */
function inTerminal(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { columns = 80, rows = 40 }: TerminalSize = {},
): InTerminal {
  const child = spawn(program, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
  });
  let raw = '';
  let code: number | undefined;
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  child.onData((chunk) => {
    raw += chunk;
    tell();
  });
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      code = signal ? 128 + signal : exitCode;
      resolve(code);
      tell();
    });
  });
  const text = () => stripVTControlCharacters(raw).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  return {
    raw: () => raw,
    text,
    ended,
    press: (keys) => child.write(keys),
    kill: (signal) => child.kill(signal),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text());
          if (!found && code === undefined) return;
          watchers.delete(look);
          if (found) resolve(found);
          else reject(new Error(`the command ended with ${code}, and ${pattern} never came:\n${text()}`));
        };
        watchers.add(look);
        look();
      }),
  };
}

/** Runs a command line of ours in a pseudo-terminal. */
export function drawbridgeInTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  size: TerminalSize = {},
): InTerminal {
  return inTerminal(process.execPath, ['--conditions=@drawbridge/source', main, ...args], env, size);
}
