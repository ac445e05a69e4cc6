import { DrawbridgeError } from '@drawbridge/kit';
import { ExitWith, Findings } from './context.ts';
import { createProgram } from './program.ts';
import { describeError, errorDocument, type Io } from './terminal/index.ts';
import { fromCommander, groupHelp } from './usage.ts';

/**
 * Runs one command line.
 *
 * @returns the exit code
 */
async function main(args: readonly string[], io: Io): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new DrawbridgeError('canceled', { message: 'Interrupted.' }));
  process.once('SIGINT', interrupt);
  const program = createProgram(io, interrupted.signal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (caught) {
    const help = groupHelp(caught, program, args);
    if (help !== undefined) {
      io.stderr.write(help);
      return 2;
    }
    if (caught instanceof Findings) return 1;
    if (caught instanceof ExitWith) return caught.code;
    const error = fromCommander(caught, program, args);
    if (!error) return 0;
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
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  stdin: process.stdin,
});
