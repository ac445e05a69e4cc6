import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { type Builder, count } from './leaf.ts';

const decision = (command: Command) =>
  command
    .option('--reason <text>', 'why, for the audit; needed')
    .option('--no-wait', 'answer at once, without watching the run');

/** `drawbridge runs …` */
export function addRuns({ group, add }: Builder): void {
  const runs = group('runs', 'Provisioning runs.');
  const load = commands.runs;
  add(runs, {
    usage: 'list',
    description: 'List runs, the newest first.',
    examples: [
      'drawbridge runs list --org demo',
      'drawbridge runs list --org demo --state attention',
      'drawbridge runs list --org demo --import 01kadp3wq5v6 --json',
    ],
    connects: true,
    flags: (command) =>
      command
        .option('--org <organization>', 'id or slug; site administrators may leave it out')
        .option('--state <state>', 'running, waiting, attention, quarantined, …')
        .option('--user <id>', 'only of this user')
        .option('--import <id>', 'only of this import')
        .option('--limit <count>', 'at most so many; default 50', count),
    load: async () => (await load()).listRuns,
  });
  add(runs, {
    usage: 'show <run>',
    description: 'Show a run step by step.',
    examples: ['drawbridge runs show 01kadp3wq5v6', 'drawbridge runs show 01kadp3wq5v6 --json'],
    connects: true,
    load: async () => (await load()).showRun,
  });
  add(runs, {
    usage: 'watch <run>',
    description: 'Wait for a run. Ends with 1 when it stopped.',
    examples: ['drawbridge runs watch 01kadp3wq5v6', 'drawbridge runs watch 01kadp3wq5v6 --json'],
    connects: true,
    load: async () => (await load()).watchRun,
  });
  add(runs, {
    usage: 'resume <run>',
    description: 'Go on at the step that stopped.',
    examples: ['drawbridge runs resume 01kadp3wq5v6 --reason "granted the project"'],
    connects: true,
    flags: decision,
    load: async () => (await load()).resumeRun,
  });
  add(runs, {
    usage: 'compensate <run>',
    description: 'Take back, step by step, what a run has done.',
    examples: ['drawbridge runs compensate 01kadp3wq5v6 --reason "wrong tenant"'],
    connects: true,
    flags: (command) => decision(command).option('--yes', 'go on without asking'),
    load: async () => (await load()).compensateRun,
  });
  add(runs, {
    usage: 'abandon <run>',
    description: 'Leave a run as it is.',
    examples: ['drawbridge runs abandon 01kadp3wq5v6 --reason "done by hand"'],
    connects: true,
    flags: (command) => command.option('--reason <text>', 'why, for the audit; needed'),
    load: async () => (await load()).abandonRun,
  });
}
