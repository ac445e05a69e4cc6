import { type Command, InvalidArgumentError } from 'commander';
import { type CommonFlags, type Context, createContext } from '../context.ts';
import type { Io } from '../terminal/index.ts';

/** What a command does, given its positional arguments and then its flags. */
type Action<A extends unknown[]> = (context: Context, ...args: A) => Promise<void>;

/** One command. */
export interface Leaf<A extends unknown[]> {
  /** Name and positional arguments: `create <mail>`. */
  readonly usage: string;
  readonly description: string;
  readonly examples?: readonly string[];
  /** Adds the flags that only this command has. */
  readonly flags?: (command: Command) => Command;
  /** Whether it talks to Zitadel or the directory, and so takes the flags that say where they are. */
  readonly connects?: boolean;
  /** Whether its group without a command means this one. Default false. */
  readonly isDefault?: boolean;
  /** Loaded when the command runs, so that help and small commands stay quick. */
  readonly load: () => Promise<Action<A>>;
}

const exitCodes = 'Exit codes: 0 ok, 1 failed, 2 usage, 3 not signed in, 4 refused, 5 unreachable.';

/** Adds commands to a program. */
export interface Builder {
  readonly group: (name: string, description: string) => Command;
  readonly add: <A extends unknown[]>(parent: Command, leaf: Leaf<A>) => Command;
}

/** Makes what commands are added with: where they write, and what interrupts them. */
export function createBuilder(program: Command, io: Io, signal: AbortSignal): Builder {
  return {
    group: (name, description) => settle(program.command(name), io).description(description),
    add: (parent, leaf) => addLeaf(parent, leaf, io, signal),
  };
}

function addLeaf<A extends unknown[]>(parent: Command, leaf: Leaf<A>, io: Io, signal: AbortSignal): Command {
  const command = settle(parent.command(leaf.usage, { isDefault: leaf.isDefault ?? false }), io)
    .summary(leaf.description)
    .description(describe(leaf.description, leaf.examples ?? []));
  leaf.flags?.(command.optionsGroup('Flags:'));
  if (leaf.connects) {
    command
      .optionsGroup('Where to connect:')
      .option('--directory <url>', 'the directory (DRAWBRIDGE_DIRECTORY)')
      .option('--issuer <url>', 'the Zitadel instance (ZITADEL_ISSUER)')
      .option('--key <file>', 'service-account key (ZITADEL_KEY_PATH)')
      .option('--project <id>', 'the application project (DRAWBRIDGE_PROJECT_ID)');
  }
  command
    .optionsGroup('Everywhere:')
    .option('--json', 'answer as JSON')
    .option('--no-color', 'no colour')
    .option('--utc', 'times in UTC')
    .option('--debug', 'show stacks and debug logs')
    .option('--data-dir <folder>', 'folder of drawbridge dev')
    .helpOption('-h, --help', 'this text')
    .action(async (...received: unknown[]) => {
      const flags = command.opts<CommonFlags>();
      const args = [...received.slice(0, -2), flags] as unknown as A;
      const action = await leaf.load();
      await action(createContext(io, flags, signal), ...args);
    });
  return command;
}

/** A sentence, and command lines that show it. */
export function describe(sentence: string, examples: readonly string[]): string {
  if (examples.length === 0) return sentence;
  return `${sentence}\n\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}

/** What holds for the program, its groups and its commands alike. */
export function settle(command: Command, io: Io): Command {
  return command
    .exitOverride()
    .helpCommand(false)
    .addHelpText('after', `\n${exitCodes}`)
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors are printed once, by main, like all others.
      writeErr: () => undefined,
    });
}

/** A port of this machine; 0 for any. */
export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_000)
    throw new InvalidArgumentError('A port is a number up to 65000.');
  return value;
}

/** A whole number from 1. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 is needed.');
  return value;
}
