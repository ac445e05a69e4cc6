import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { type Builder, count } from './leaf.ts';

const filter = (command: Command) =>
  command
    .option('--org <organization>', 'id or slug; site administrators may leave it out')
    .option('--actor <subject>', 'only what this one did')
    .option('--action <action>', 'only this, or what begins so: user.')
    .option('--object <id>', 'only about this')
    .option('--from <time>', 'since, in RFC 3339')
    .option('--to <time>', 'until, in RFC 3339');

/** `drawbridge audit …` */
export function addAudit({ group, add }: Builder): void {
  const audit = group('audit', 'Who did what, when and why.');
  const load = commands.audit;
  add(audit, {
    usage: 'list',
    description: 'List entries, the newest first.',
    examples: [
      'drawbridge audit list --org demo',
      'drawbridge audit list --org demo --action user. --limit 200',
      'drawbridge audit list --json',
    ],
    connects: true,
    flags: (command) => filter(command).option('--limit <count>', 'at most so many; default 50', count),
    load: async () => (await load()).listAudit,
  });
  add(audit, {
    usage: 'export',
    description: 'Write all that matches as JSON lines, the oldest first.',
    examples: [
      'drawbridge audit export --org demo > audit.jsonl',
      'drawbridge audit export --from 2026-11-01T00:00:00Z > november.jsonl',
    ],
    connects: true,
    flags: filter,
    load: async () => (await load()).exportAudit,
  });
  add(audit, {
    usage: 'verify',
    description: 'Check the hash chain. Ends with 1 where it breaks.',
    examples: ['drawbridge audit verify --org demo', 'drawbridge audit verify --json'],
    connects: true,
    flags: (command) => command.option('--org <organization>', "id or slug; default: the site's own entries"),
    load: async () => (await load()).verifyAudit,
  });
}
