import { spawn } from 'node:child_process';
import { DrawbridgeError } from '@drawbridge/kit';
import { noteUnderWay } from './under-way.ts';

/** What an outside program is run with. */
export interface ProgramCall {
  /** Written to its standard input, where secrets may be; arguments are everybody's to read. */
  readonly stdin?: string;
  /** In milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** File that says so while it works, for whoever comes after a kill. Default none. */
  readonly underWay?: string | undefined;
}

/** An outside program, found by its name. */
export interface Program {
  readonly name: string;
  /**
   * Runs it without a shell and gives what it wrote to standard output.
   *
   * @throws {DrawbridgeError} `program_missing`, `program_failed` with its last lines, `timeout`, `canceled`, `file_unwritable` where it
   * could not be written down what it does
   */
  run(args: readonly string[], call?: ProgramCall): Promise<string>;
}

/** Where to look for it, and what to say where it is not. */
export interface ProgramOptions {
  readonly name: string;
  /** How to come by it. */
  readonly install: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Told of every line that it writes to its standard error, and of what it was run with. */
  readonly log?: (line: string) => void;
}

const largestOutput = 16 * 1024 * 1024;
/** What is wrong is said last. */
const lastLines = 3;
/** After asking it to end. */
const graceMs = 5_000;

/** Makes what runs a program; it is looked for when it is run. */
export function createProgram({ name, install, env = process.env, log }: ProgramOptions): Program {
  return {
    name,
    run: (args, { stdin = '', timeoutMs = 60_000, signal, underWay } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const child = spawn(name, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'], shell: false });
        const command = [name, ...args].join(' ');
        const tail: string[] = [];
        let stdout = '';
        let ended: DrawbridgeError | undefined;
        const end = (why: DrawbridgeError) => {
          ended ??= why;
          child.kill('SIGTERM');
          killer ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
        };
        let killer: NodeJS.Timeout | undefined;
        const timer = setTimeout(
          () =>
            end(
              new DrawbridgeError('timeout', {
                message: `${name} did not end in ${timeoutMs / 1_000} s.`,
                where: command,
                saw: tail.join(' / '),
              }),
            ),
          timeoutMs,
        );
        const onAbort = () => end(new DrawbridgeError('canceled', { where: command }));
        signal?.addEventListener('abort', onAbort, { once: true });
        let forget: (() => void) | undefined;
        /** What leaves no trace could not be gone on with: it is ended. */
        const writeDown = (write: () => void) => {
          try {
            write();
          } catch (error) {
            end(DrawbridgeError.from(error));
          }
        };
        const hear = (line: string) => {
          if (line.trim() === '') return;
          tail.push(line);
          if (tail.length > lastLines) tail.shift();
          writeDown(() => log?.(line));
        };
        writeDown(() => {
          if (underWay !== undefined && child.pid !== undefined)
            forget = noteUnderWay(underWay, { program: name, pid: child.pid });
          log?.(`$ ${command}`);
        });
        child.stdout.setEncoding('utf8');
        const flush = linesOf(child.stderr, hear);
        child.stdout.on('data', (chunk: string) => {
          stdout += chunk;
          if (stdout.length > largestOutput)
            end(
              new DrawbridgeError('program_failed', { message: `${name} wrote too much.`, where: command }),
            );
        });
        // A program that ends without reading is told by its exit.
        child.stdin.on('error', () => undefined);
        child.stdin.end(stdin);
        child.once('error', (cause) => {
          finish();
          const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
          reject(
            missing
              ? new DrawbridgeError('program_missing', { message: `${name} is not installed.`, fix: install })
              : new DrawbridgeError('program_failed', {
                  message: `${name} could not be started.`,
                  where: command,
                  cause,
                }),
          );
        });
        child.once('close', (code, killedBy) => {
          finish();
          flush();
          if (ended) reject(ended);
          else if (code === 0) resolve(stdout);
          else
            reject(
              new DrawbridgeError('program_failed', {
                message: `${name} ended with ${code ?? killedBy}.`,
                where: command,
                saw: tail.join(' / '),
              }),
            );
        });
        function finish() {
          writeDown(() => forget?.());
          clearTimeout(timer);
          clearTimeout(killer);
          signal?.removeEventListener('abort', onAbort);
        }
      }),
  };
}

/** Cuts a stream into lines; what it gives back tells the last one, which may have no end. */
function linesOf(stream: NodeJS.ReadableStream, hear: (line: string) => void): () => void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  return () => hear(rest);
}
