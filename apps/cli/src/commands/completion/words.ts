import type { Command } from 'commander';

/** What can follow one command. */
export interface Place {
  /** The command's words, such as `config set`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly flags: readonly Flag[];
}

/** A word with what it is for. */
export interface Word {
  readonly name: string;
  readonly about: string;
}

export interface Flag extends Word {
  /** Whether a value follows it, and whether that is a file. */
  readonly value: 'none' | 'text' | 'file';
}

/** Every place of the command line. */
export function wordsOf(program: Command): readonly Place[] {
  return placesOf(program, []);
}

function placesOf(command: Command, path: readonly string[]): readonly Place[] {
  const help = command.createHelp();
  const place: Place = {
    path: path.join(' '),
    commands: command.commands.map((sub) => ({ name: sub.name(), about: sentenceOf(sub) })),
    flags: help.visibleOptions(command).flatMap(({ long, description, required, optional, flags }) => {
      if (!long) return [];
      const takesValue = required || optional;
      const value = !takesValue ? 'none' : /<(file|folder)>/.test(flags) ? 'file' : 'text';
      return [{ name: long, about: description, value } satisfies Flag];
    }),
  };
  return [place, ...command.commands.flatMap((sub) => placesOf(sub, [...path, sub.name()]))];
}

function sentenceOf(command: Command): string {
  return (command.summary() || command.description()).split('\n')[0] ?? '';
}
