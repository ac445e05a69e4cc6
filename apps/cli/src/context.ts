import { createLogger, type Logger, type LogLevel } from '@drawbridge/kit';
import { type Io, Terminal } from './terminal/index.ts';

/** Flags that every command takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
  readonly dataDir?: string;
  /** Times in UTC instead of local ones. */
  readonly utc?: boolean;
}

/** What a command's action is given. */
export interface Context {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: CommonFlags;
  readonly logger: (level?: LogLevel) => Logger;
  /** Aborts at the first Ctrl-C or SIGTERM of a command that is not a server. */
  readonly signal: AbortSignal;
  /** What is piped in, or typed; absent where nothing can be read. */
  readonly stdin: NodeJS.ReadStream | undefined;
}

export function createContext(io: Io, flags: CommonFlags, signal: AbortSignal): Context {
  return {
    terminal: new Terminal(io, { json: flags.json === true, colour: flags.color !== false }),
    env: io.env,
    flags,
    signal,
    get stdin() {
      return io.stdin;
    },
    logger: (level = 'info') => createLogger({ level: flags.debug ? 'debug' : level }),
  };
}

/** Ends a command with exit code 1 where its answer has said everything: it did its work and found something. */
export class Findings extends Error {
  override readonly name = 'Findings';
}

/** Ends a command with the exit code of a program that it ran for somebody. */
export class ExitWith extends Error {
  override readonly name = 'ExitWith';
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
