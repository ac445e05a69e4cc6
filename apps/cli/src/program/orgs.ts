import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

const mapping = (command: Command) =>
  command
    .option('--reason <text>', 'why, for the audit; needed')
    .option('--netbird-project <id>', "NetBird's project in Zitadel")
    .option('--yes', 'go on without asking')
    .option('--no-wait', 'answer at once, without watching the run');

/** `drawbridge orgs …` */
export function addOrgs({ group, add }: Builder): void {
  const orgs = group('orgs', 'Organizations and their counterparts in Zitadel.');
  const load = commands.orgs;
  add(orgs, {
    usage: 'list',
    description: 'List organizations and whether they are mapped.',
    examples: ['drawbridge orgs list', 'drawbridge orgs list --json'],
    connects: true,
    load: async () => (await load()).listOrganizations,
  });
  add(orgs, {
    usage: 'show <organization>',
    description: 'Show an organization.',
    examples: ['drawbridge orgs show demo', 'drawbridge orgs show demo --json'],
    connects: true,
    load: async () => (await load()).showOrganization,
  });
  add(orgs, {
    usage: 'create <slug>',
    description: 'Create an organization, not yet mapped.',
    examples: ['drawbridge orgs create northwind --name Northwind'],
    connects: true,
    flags: (command) => command.option('--name <name>', 'its name; default: the slug'),
    load: async () => (await load()).createOrganization,
  });
  add(orgs, {
    usage: 'map <organization> <zitadel-id>',
    description: "Map an organization to one of Zitadel's, and make its project grant.",
    examples: [
      'drawbridge orgs map northwind 271828459045 --reason "new tenant"',
      'drawbridge orgs map northwind 314159265358 --reason "moved" --yes',
    ],
    connects: true,
    flags: mapping,
    load: async () => (await load()).mapOrganization,
  });
  add(orgs, {
    usage: 'unmap <organization>',
    description: 'Take the mapping away: its people cannot sign in here any more.',
    examples: ['drawbridge orgs unmap northwind --reason "left"'],
    connects: true,
    flags: mapping,
    load: async () => (await load()).unmapOrganization,
  });
  add(orgs, {
    usage: 'available',
    description: "List Zitadel's organizations, and which are mapped.",
    examples: ['drawbridge orgs available', 'drawbridge orgs available --q north --json'],
    connects: true,
    flags: (command) => command.option('--q <text>', 'a part of the name'),
    load: async () => (await load()).availableOrganizations,
  });
}
