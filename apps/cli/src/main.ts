import { DrawbridgeError } from '@drawbridge/kit';
import { Findings } from './context.ts';
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
    const error = fromCommander(caught, program, args);
    if (!error) return 0;
    const debug = args.includes('--debug');
    io.stderr.write(`${args.includes('--json') ? errorDocument(error) : describeError(error, { debug })}\n`);
    return interrupted.signal.aborted ? 130 : error.info.exit;
  } finally {
    process.off('SIGINT', interrupt);
  }
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
