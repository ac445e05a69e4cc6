import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { type Builder, count } from './leaf.ts';

const org = (command: Command) => command.option('--org <organization>', 'id or slug; needed');
const orgForMail = (command: Command) =>
  command.option('--org <organization>', 'id or slug; needed for a mail address');
const noWait = (command: Command) => command.option('--no-wait', 'answer at once, without watching the run');
const reason = (command: Command) => command.option('--reason <text>', 'why, for the audit');
const yes = (command: Command) => command.option('--yes', 'go on without asking');

/** `drawbridge users …` */
export function addUsers({ group, add }: Builder): void {
  const users = group('users', 'People in the directory.');
  const load = commands.users;
  add(users, {
    usage: 'create <mail>',
    description: 'Create a user here and in Zitadel, and watch it happen.',
    examples: [
      'drawbridge users create ada@demo.localhost --org demo',
      'drawbridge users create ada@demo.localhost --org demo --role manager',
      'drawbridge users create ada@demo.localhost --org demo --no-wait --json',
    ],
    connects: true,
    flags: (command) =>
      noWait(
        org(command)
          .option('--role <key>', 'admin, manager or user', 'user')
          .option('--name <name>', 'given and family name; default: from the address'),
      ).option('--idempotency-key <key>', 'the same key creates once, however often sent'),
    load: async () => (await load()).createUser,
  });
  add(users, {
    usage: 'list',
    description: 'List the users of an organization.',
    examples: [
      'drawbridge users list --org demo',
      'drawbridge users list --org demo --state attention --sort -changed',
      'drawbridge users list --org demo --json',
    ],
    connects: true,
    flags: (command) =>
      org(command)
        .option('--email <mail>', 'only this address')
        .option('--q <words>', 'beginnings of words of name or address')
        .option('--state <state>', 'active, inactive, waiting, attention, …')
        .option('--role <key>', 'only this role')
        .option('--sort <order>', 'created, name, email or -changed')
        .option('--limit <count>', 'at most so many', count),
    load: async () => (await load()).listUsers,
  });
  add(users, {
    usage: 'show <user>',
    description: 'Show one user, by id or by mail address, here and in the other places.',
    examples: [
      'drawbridge users show ada@demo.localhost --org demo',
      'drawbridge users show 01kadp3wq5v6',
      'drawbridge users show 01kadp3wq5v6 --json',
    ],
    connects: true,
    flags: orgForMail,
    load: async () => (await load()).showUser,
  });
  add(users, {
    usage: 'change <user>',
    description: "Change a user's name or role.",
    examples: [
      'drawbridge users change ada@demo.localhost --org demo --role admin',
      'drawbridge users change 01kadp3wq5v6 --name "Ada Okafor"',
      'drawbridge users change 01kadp3wq5v6 --role user --no-wait --json',
    ],
    connects: true,
    flags: (command) =>
      noWait(
        reason(
          orgForMail(command)
            .option('--role <key>', 'admin, manager or user')
            .option('--name <name>', 'given and family name'),
        ),
      ),
    load: async () => (await load()).changeUser,
  });
  add(users, {
    usage: 'deactivate <user>',
    description: 'Deactivate a user everywhere: sessions end, devices are blocked.',
    examples: [
      'drawbridge users deactivate ada@demo.localhost --org demo',
      'drawbridge users deactivate 01kadp3wq5v6 --reason "left the company" --yes',
      'drawbridge users deactivate 01kadp3wq5v6 --yes --json',
    ],
    connects: true,
    flags: (command) => noWait(yes(reason(orgForMail(command)))),
    load: async () => (await load()).deactivateUser,
  });
  add(users, {
    usage: 'activate <user>',
    description: 'Activate a user that was deactivated here.',
    examples: [
      'drawbridge users activate ada@demo.localhost --org demo',
      'drawbridge users activate 01kadp3wq5v6 --json',
    ],
    connects: true,
    flags: (command) => noWait(reason(orgForMail(command))),
    load: async () => (await load()).activateUser,
  });
  add(users, {
    usage: 'delete <user>',
    description: 'Delete a user here, in NetBird and in Zitadel.',
    examples: [
      'drawbridge users delete ada@demo.localhost --org demo --reason "a mistake"',
      'drawbridge users delete 01kadp3wq5v6 --reason "asked for it" --erase --yes',
    ],
    connects: true,
    flags: (command) =>
      noWait(yes(reason(orgForMail(command)))).option(
        '--erase',
        'also take the name out of runs, events and audit',
      ),
    load: async () => (await load()).deleteUser,
  });
  add(users, {
    usage: 'invite <user>',
    description: 'Send the invitation again.',
    examples: [
      'drawbridge users invite ada@demo.localhost --org demo',
      'drawbridge users invite 01kadp3wq5v6',
    ],
    connects: true,
    flags: (command) => noWait(orgForMail(command)),
    load: async () => (await load()).inviteUser,
  });
  add(users, {
    usage: 'sessions <user>',
    description: 'List where a user is signed in, or end it.',
    examples: [
      'drawbridge users sessions ada@demo.localhost --org demo',
      'drawbridge users sessions 01kadp3wq5v6 --end 318273645',
      'drawbridge users sessions 01kadp3wq5v6 --end all --yes',
    ],
    connects: true,
    flags: (command) =>
      yes(orgForMail(command)).option('--end <session>', 'end this session, or all of them'),
    load: async () => (await load()).userSessions,
  });
  add(users, {
    usage: 'import <file>',
    description: 'Import users from a CSV file: email,given_name,family_name,role.',
    examples: [
      'drawbridge users import people.csv --org demo --dry-run',
      'drawbridge users import people.csv --org demo --skip-refused',
      'drawbridge users import people.csv --org demo --json',
    ],
    connects: true,
    flags: (command) =>
      org(command)
        .option('--dry-run', 'say what would happen, and change nothing')
        .option('--skip-refused', 'leave out what the dry run refuses')
        .option('--results <file>', 'where the result file goes; default: beside the file')
        .option('--no-wait', 'answer once it is started'),
    load: async () => (await load()).importUsers,
  });
}
