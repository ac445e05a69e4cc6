import { DrawbridgeError } from '@drawbridge/kit';
import { type Command, CommanderError } from 'commander';

/**
 * Commander's complaint as one sentence that names the command. Nothing where it only printed help.
 *
 * @param words what was typed, to find the command it was typed for
 */
export function fromCommander(
  error: unknown,
  program: Command,
  words: readonly string[],
): DrawbridgeError | undefined {
  if (!(error instanceof CommanderError)) return DrawbridgeError.from(error);
  if (error.exitCode === 0) return undefined;
  const command = commandOf(program, words);
  const path = pathOf(command);
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const nearest = /\(Did you mean (?:one of )?(.*?)\?\)/.exec(error.message)?.[1];
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return new DrawbridgeError('usage', {
    message: `${sentence(error, command, quoted)}${hint}`,
    fix: `See ${path} --help.`,
  });
}

function sentence(error: CommanderError, command: Command, quoted: string): string {
  const path = pathOf(command);
  switch (error.code) {
    case 'commander.unknownOption':
      return `${path} has no flag ${quoted}.`;
    case 'commander.unknownCommand':
      return `There is no ${path} ${quoted}.`;
    case 'commander.missingMandatoryOptionValue':
      return `${path} needs ${quoted}.`;
    case 'commander.missingArgument':
      return `${path} needs <${quoted}>.`;
    case 'commander.optionMissingArgument':
      return `${path}: ${quoted} needs a value.`;
    case 'commander.excessArguments':
      return command.commands.length === 0
        ? `${path} was given more than it takes.`
        : `There is no such ${path}; there are ${command.commands.map((sub) => sub.name()).join(', ')}.`;
    default:
      return `${path}: ${error.message.replace(/^error: /, '').split('\n')[0] ?? ''}`;
  }
}

function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((sub) => sub.name() === word);
    if (!next) break;
    command = next;
  }
  return command;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** The help of a group that was typed alone: that is a question, and its answer is what there is. */
export function groupHelp(error: unknown, program: Command, words: readonly string[]): string | undefined {
  if (!(error instanceof CommanderError) || error.code !== 'commander.help') return undefined;
  return commandOf(program, words).helpInformation();
}
