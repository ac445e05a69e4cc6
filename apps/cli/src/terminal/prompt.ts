import { DrawbridgeError, Secret } from '@drawbridge/kit';
import type { Terminal } from './terminal.ts';

/**
 * What a flag says, or what a person answers.
 *
 * @throws {DrawbridgeError} `usage`, naming the flag, where nobody can be asked
 */
export async function ask(
  terminal: Terminal,
  question: { readonly flag: string; readonly given: string | undefined; readonly text: string },
  signal: AbortSignal,
): Promise<string> {
  const { flag, given, text } = question;
  const answer = given ?? (await read(terminal, `${text}: `, signal));
  if (answer !== undefined && answer.trim() !== '') return answer.trim();
  throw new DrawbridgeError('usage', { message: `${text} is needed: ${flag}.` });
}

/**
 * Makes sure that a dangerous thing is meant: tells what follows from it, and has a name typed.
 *
 * @param yes what `--yes` says
 * @throws {DrawbridgeError} `declined` when something else is typed, `usage` where nobody can be asked
 */
export async function confirm(
  terminal: Terminal,
  { consequence, type, yes }: { readonly consequence: string; readonly type: string; readonly yes: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (yes) return;
  if (!terminal.asksPerson)
    throw new DrawbridgeError('usage', { message: `${consequence} Without a terminal this needs --yes.` });
  terminal.note(consequence);
  const typed = await read(terminal, `Type ${type} to go on: `, signal);
  if (typed?.trim() !== type) throw new DrawbridgeError('declined');
}

/**
 * Asks whether to go on with what was shown.
 *
 * @param yes what `--yes` says
 * @throws {DrawbridgeError} `declined` for anything but yes, `usage` where nobody can be asked
 */
export async function agree(
  terminal: Terminal,
  { question, yes }: { readonly question: string; readonly yes: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (yes) return;
  if (!terminal.asksPerson)
    throw new DrawbridgeError('usage', { message: `${question} Without a terminal this needs --yes.` });
  const typed = await read(terminal, `${question} [y/N] `, signal);
  if (!/^y(es)?$/i.test(typed?.trim() ?? '')) throw new DrawbridgeError('declined');
}

/**
 * Asks for something secret: what is typed is not shown.
 *
 * @throws {DrawbridgeError} `usage`, naming what to set instead, where nobody can be asked
 */
export async function askSecret(
  terminal: Terminal,
  { text, setting }: { readonly text: string; readonly setting: string },
  signal: AbortSignal,
): Promise<Secret> {
  const input = terminal.asksPerson;
  if (!input)
    throw new DrawbridgeError('usage', {
      message: `${text} is needed, and there is no terminal: ${setting}.`,
    });
  const [{ createInterface }, { Writable }] = await Promise.all([
    import('node:readline/promises'),
    import('node:stream'),
  ]);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nothing, terminal: true });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  lines.once('SIGINT', interrupt);
  terminal.draw(`${text}, not shown while you type: `);
  try {
    return new Secret(await lines.question('', { signal: AbortSignal.any([signal, closed.signal]) }));
  } catch (cause) {
    throw new DrawbridgeError('canceled', { message: 'Nothing was entered.', cause });
  } finally {
    lines.close();
    terminal.draw('\n');
  }
}

async function read(terminal: Terminal, text: string, signal: AbortSignal): Promise<string | undefined> {
  const input = terminal.asksPerson;
  if (!input) return undefined;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input, output: process.stderr });
  lines.once('SIGINT', interrupt);
  try {
    return await lines.question(text, { signal });
  } finally {
    lines.close();
  }
}

/** While a line is read, the terminal makes no signal of Ctrl-C; to whoever presses it, it is one. */
function interrupt(): void {
  process.kill(process.pid, 'SIGINT');
}
