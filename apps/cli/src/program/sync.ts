import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { type Builder, count } from './leaf.ts';

/** `drawbridge sync` and what belongs to it. */
export function addSync(program: Command, { add }: Builder): void {
  const load = commands.sync;
  const sync = add(program, {
    usage: 'sync',
    description: 'Compare everybody with Zitadel now, and follow it.',
    examples: ['drawbridge sync', 'drawbridge sync --org demo', 'drawbridge sync list --state braked'],
    connects: true,
    flags: (command) =>
      command
        .option('--org <organization>', 'only this one; site administrators may leave it out')
        .option('--no-wait', 'answer at once, without following it'),
    load: async () => (await load()).sync,
  });
  // What stands behind a word of its own belongs to that word.
  sync.enablePositionalOptions();
  add(sync, {
    usage: 'list',
    description: 'List sweeps, the newest first.',
    examples: ['drawbridge sync list', 'drawbridge sync list --state braked --json'],
    connects: true,
    flags: (command) =>
      command
        .option('--org <organization>', 'those of one organization')
        .option('--state <state>', 'running, done, braked, approved, discarded or failed')
        .option('--limit <count>', 'at most so many; default 20', count),
    load: async () => (await load()).listSweeps,
  });
  add(sync, {
    usage: 'show <sweep>',
    description: 'Show a sweep and whom it concerns.',
    examples: ['drawbridge sync show 01kadp3wq5v6', 'drawbridge sync show 01kadp3wq5v6 --users --json'],
    connects: true,
    flags: (command) =>
      command
        .option('--users', 'list whom it found differing')
        .option('--org <organization>', "one organization's part of it"),
    load: async () => (await load()).showSweep,
  });
  add(sync, {
    usage: 'approve <sweep>',
    description: 'Approve what a braked sweep holds; each user is looked at again.',
    examples: [
      'drawbridge sync approve 01kadp3wq5v6 --count 36 --reason "the team left"',
      'drawbridge sync approve 01kadp3wq5v6 --user 01k1 --count 1 --reason "only her"',
    ],
    connects: true,
    flags: (command) =>
      command
        .option('--reason <text>', 'why, for the audit; needed')
        .option('--count <count>', 'how many users that is; it has to be right', count)
        .option('--user <id...>', 'these only; default: all that are held')
        .option('--no-wait', 'answer at once, without following it'),
    load: async () => (await load()).approveSweep,
  });
  add(sync, {
    usage: 'discard <sweep>',
    description: 'Discard what a braked sweep holds.',
    examples: ['drawbridge sync discard 01kadp3wq5v6 --reason "Zitadel was being restored"'],
    connects: true,
    flags: (command) => command.option('--reason <text>', 'why, for the audit; needed'),
    load: async () => (await load()).discardSweep,
  });
}
