import { DrawbridgeError } from '@drawbridge/kit';
import { createContext, ExitWith, Findings } from './context.ts';
import { readQuickGet } from './quick.ts';
import { describeError, errorDocument, type Io } from './terminal/index.ts';

/**
 * Runs one command line.
 *
 * @returns the exit code
 */
async function main(args: readonly string[], io: Io): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new DrawbridgeError('canceled', { message: 'Interrupted.' }));
  process.once('SIGINT', interrupt);
  try {
    const { signal } = interrupted;
    return (await runQuickly(args, io, signal)) ?? (await runFully(args, io, signal));
  } catch (caught) {
    if (caught instanceof Findings) return 1;
    if (caught instanceof ExitWith) return caught.code;
    const error = DrawbridgeError.from(caught);
    // What follows two dashes is another program's.
    const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
    const debug = own.includes('--debug');
    io.stderr.write(
      `${own.includes('--json') ? errorDocument(error) : describeError(error, { debug, ...widthOf(io) })}\n`,
    );
    return interrupted.signal.aborted ? 130 : error.info.exit;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** Reading a value is what scripts do in loops: it does without the command line of everything else. */
async function runQuickly(args: readonly string[], io: Io, signal: AbortSignal): Promise<number | undefined> {
  const quick = readQuickGet(args);
  if (!quick) return undefined;
  const { getConfig } = await import('./commands/config/get.ts');
  await getConfig(createContext(io, quick.flags, signal), quick.name, quick.flags);
  return 0;
}

async function runFully(args: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const [{ createProgram }, { fromCommander, groupHelp }] = await Promise.all([
    import('./program.ts'),
    import('./usage.ts'),
  ]);
  const program = createProgram(io, signal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (caught) {
    const help = groupHelp(caught, program, args);
    if (help !== undefined) {
      io.stderr.write(help);
      return 2;
    }
    if (caught instanceof Findings || caught instanceof ExitWith) throw caught;
    const error = fromCommander(caught, program, args);
    if (error) throw error;
    return 0;
  }
}

/** A person's terminal breaks words where it ends; whatever else reads it wants whole lines. */
function widthOf({ stderr }: Io): { readonly columns?: number } {
  return stderr.isTTY === true ? { columns: Math.min(stderr.columns || 80, 100) } : {};
}

// A reader that has seen enough, as in `drawbridge users list | head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode);
});

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  // To make a stream takes a while, and most commands do without one or both of these.
  get stderr() {
    return process.stderr;
  },
  get stdin() {
    return process.stdin;
  },
});
