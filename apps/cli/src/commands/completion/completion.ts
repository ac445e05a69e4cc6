import { DrawbridgeError } from '@drawbridge/kit';
import type { Context } from '../../context.ts';
import { bashScript, fishScript, zshScript } from './scripts.ts';
import { wordsOf } from './words.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `drawbridge completion SHELL`: a script by which the shell completes commands and flags, made from the command line itself. */
export async function printCompletion(context: Context, shell: string): Promise<void> {
  if (!isShell(shell)) {
    throw new DrawbridgeError('usage', {
      message: `There is no completion for ${shell}; there is one for ${Object.keys(scripts).join(', ')}.`,
    });
  }
  // Loaded here, since it loads this command.
  const { createProgram } = await import('../../program.ts');
  const io = { stdout: process.stdout, stderr: process.stderr, env: context.env };
  await context.terminal.write(scripts[shell](wordsOf(createProgram(io, context.signal))));
}

function isShell(name: string): name is keyof typeof scripts {
  return Object.hasOwn(scripts, name);
}
