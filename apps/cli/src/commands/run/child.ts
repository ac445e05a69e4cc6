import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createRedactor } from './redactor.ts';

/** Signals that are the program's business; what they do to it is what they do to us. */
const passedOn: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
/** Those that a terminal sends to us and to the program at once. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP']);

/** A program that could not be started, with what a shell would end with. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
  readonly code: number;

  constructor(program: string, isMissing: boolean, cause: unknown) {
    super(isMissing ? `There is no command ${program}.` : `${program} cannot be started.`, { cause });
    this.code = isMissing ? 127 : 126;
  }
}

/**
 * Runs a program to its end.
 *
 * @param secrets texts to take out of what it writes; then its output is no terminal any more
 * @returns its exit code; 128 and the number of the signal where one ended it
 * @throws {NotStarted}
 */
export async function runChild(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  secrets: readonly string[] | undefined,
): Promise<number> {
  const output = secrets ? 'pipe' : 'inherit';
  const child = spawn(program, args, { env, stdio: ['inherit', output, output] });
  const stopPassing = passSignals(child);
  const flushed = secrets ? redact(child, secrets) : undefined;
  try {
    const started = once(child, 'spawn').catch((cause: NodeJS.ErrnoException) => {
      throw new NotStarted(program, cause.code === 'ENOENT', cause);
    });
    const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('close', (code, signal) => resolve([code, signal]));
    });
    await started;
    const [code, signal] = await ended;
    await flushed;
    return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  } finally {
    stopPassing();
  }
}

function passSignals(child: ChildProcess): () => void {
  const handlers = passedOn.map((signal) => {
    const handler = () => {
      // A terminal has sent it there as well; passed on again, the second one would force the end.
      if (process.stdin.isTTY && fromTerminal.has(signal)) return;
      child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

async function redact(child: ChildProcess, secrets: readonly string[]): Promise<void> {
  const streams = [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const;
  await Promise.all(
    streams.map(async ([from, to]) => {
      if (!from) return;
      const redactor = createRedactor(secrets);
      for await (const chunk of from) to.write(redactor.push(chunk as Buffer));
      to.write(redactor.end());
    }),
  );
}
