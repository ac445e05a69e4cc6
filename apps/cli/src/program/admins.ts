import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

const reasoned = (command: Command) => command.option('--reason <text>', 'why, for the audit; needed');

/** `drawbridge admins …` */
export function addAdmins({ group, add }: Builder): void {
  const admins = group('admins', 'Site administrators, who act in all organizations.');
  const load = commands.admins;
  add(admins, {
    usage: 'list',
    description: 'List the site administrators.',
    examples: ['drawbridge admins list', 'drawbridge admins list --json'],
    connects: true,
    load: async () => (await load()).listAdministrators,
  });
  add(admins, {
    usage: 'add <subject>',
    description: 'Name one, by their user id in Zitadel.',
    examples: ['drawbridge admins add 318273645546372819 --reason "second one"'],
    connects: true,
    flags: reasoned,
    load: async () => (await load()).addAdministrator,
  });
  add(admins, {
    usage: 'remove <subject>',
    description: 'Take it away again. The last one stays.',
    examples: ['drawbridge admins remove 318273645546372819 --reason "left" --yes'],
    connects: true,
    flags: (command) => reasoned(command).option('--yes', 'go on without asking'),
    load: async () => (await load()).removeAdministrator,
  });
}
