import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { storeFlags } from './config.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge run -- CMD` */
export function addRun(program: Command, { add }: Builder): void {
  const command = add(program, {
    usage: 'run <command...>',
    description: 'Run a program with the values of the store in its environment.',
    examples: [
      'drawbridge run -- npm start',
      "drawbridge run --only database -- sh -c 'psql $DATABASE_URL'",
      'drawbridge run --redact -- node app.js',
    ],
    flags: (leaf) =>
      storeFlags(
        leaf
          .option('--only <key...>', 'only these values')
          .option('--whole', 'whole values, as programs with @drawbridge/config read them')
          .option('--redact', 'take the values out of what the program writes'),
      ),
    load: async () => (await commands.run()).run,
  });
  // What follows the command's name is the command's, flags too.
  command.passThroughOptions();
}
