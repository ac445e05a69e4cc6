import { Command, InvalidArgumentError } from 'commander';
import { type CommonFlags, type Context, createContext } from './context.ts';
import type { Io } from './terminal/index.ts';

/** What a command does, given its positional arguments and then its flags. */
type Action<A extends unknown[]> = (context: Context, ...args: A) => Promise<void>;

interface Leaf<A extends unknown[]> {
  /** Name and positional arguments: `create <mail>`. */
  readonly usage: string;
  readonly description: string;
  readonly examples?: readonly string[];
  /** Adds the flags that only this command has. */
  readonly flags?: (command: Command) => Command;
  /** Whether it talks to Zitadel or the directory, and so takes the flags that say where they are. */
  readonly connects?: boolean;
  /** Loaded when the command runs, so that help and small commands stay quick. */
  readonly load: () => Promise<Action<A>>;
}

const exitCodes = 'Exit codes: 0 ok, 1 failed, 2 usage, 3 not signed in, 4 refused, 5 unreachable.';

/** The command line: words, flags and help. */
export function createProgram(io: Io, signal: AbortSignal): Command {
  const program = settle(new Command('drawbridge'), io).description(
    describe('The identity bridge for Zitadel.', [
      'drawbridge dev                                          everything, emulated, here',
      'drawbridge users create ada@demo.localhost --org demo   a user here and in Zitadel',
      'drawbridge doctor                                       what is wrong, what to do',
    ]),
  );
  const group = (name: string, description: string) =>
    settle(program.command(name), io).description(description);
  const add = <A extends unknown[]>(parent: Command, leaf: Leaf<A>) => addLeaf(parent, leaf, io, signal);

  add(program, {
    usage: 'dev',
    description: 'Run everything on this machine, emulated.',
    examples: [
      'drawbridge dev',
      'drawbridge dev --ephemeral --port-base 7800',
      'drawbridge dev --json --data-dir ./.drawbridge',
    ],
    flags: (command) =>
      command
        .option('--port-base <port>', 'first of the ports used; 0: any free ones', port, 7_700)
        .option('--ephemeral', 'keep nothing'),
    load: async () => (await import('./commands/dev.ts')).dev,
  });

  const emulate = group('emulate', 'Run one emulated system alone.');
  add(emulate, {
    usage: 'zitadel',
    description: 'Run the emulated Zitadel alone.',
    examples: [
      'drawbridge emulate zitadel --port 8080',
      'drawbridge emulate zitadel --data-dir ./zitadel',
      'drawbridge emulate zitadel --json',
    ],
    flags: (command) =>
      command
        .option('--port <port>', 'port to listen on', port, 7_700)
        .option('--domain <name>', 'its ExternalDomain', 'localhost')
        .option('--upstream-deny-list', 'let actions call nothing on this machine'),
    load: async () => (await import('./commands/emulate.ts')).emulateZitadel,
  });
  add(emulate, {
    usage: 'netbird',
    description: 'Run the emulated NetBird alone.',
    examples: [
      'drawbridge emulate netbird --port 7720',
      'drawbridge emulate netbird --issuer http://localhost:7700 --audience 312',
      'drawbridge emulate netbird --data-dir ./netbird --json',
    ],
    flags: (command) =>
      command
        .option('--port <port>', 'port to listen on', port, 7_720)
        .option('--issuer <url>', 'whose access tokens people sign in with')
        .option('--audience <id...>', 'one of these has to be in the tokens')
        .option('--embedded-idp', "give people the ids of NetBird's embedded identity provider"),
    load: async () => (await import('./commands/emulate.ts')).emulateNetbird,
  });

  const users = group('users', 'People in the directory.');
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
      command
        .option('--org <organization>', 'id or slug; needed')
        .option('--role <key>', 'admin, manager or user', 'user')
        .option('--name <name>', 'given and family name; default: from the address')
        .option('--no-wait', 'answer at once, without watching the run')
        .option('--idempotency-key <key>', 'the same key creates once, however often sent'),
    load: async () => (await import('./commands/users.ts')).createUser,
  });
  add(users, {
    usage: 'list',
    description: 'List the users of an organization.',
    examples: [
      'drawbridge users list --org demo',
      'drawbridge users list --org demo --email ada@demo.localhost',
      'drawbridge users list --org demo --json',
    ],
    connects: true,
    flags: (command) =>
      command
        .option('--org <organization>', 'id or slug; needed')
        .option('--email <mail>', 'only this address')
        .option('--limit <count>', 'at most so many', count),
    load: async () => (await import('./commands/users.ts')).listUsers,
  });
  add(users, {
    usage: 'show <user>',
    description: 'Show one user, by id or by mail address.',
    examples: [
      'drawbridge users show ada@demo.localhost --org demo',
      'drawbridge users show 01kadp3wq5v6',
      'drawbridge users show 01kadp3wq5v6 --json',
    ],
    connects: true,
    flags: (command) => command.option('--org <organization>', 'id or slug; needed for a mail address'),
    load: async () => (await import('./commands/users.ts')).showUser,
  });

  add(group('runs', 'Provisioning runs.'), {
    usage: 'show <run>',
    description: 'Show a run step by step.',
    examples: ['drawbridge runs show 01kadp3wq5v6', 'drawbridge runs show 01kadp3wq5v6 --json'],
    connects: true,
    load: async () => (await import('./commands/runs.ts')).showRun,
  });

  add(program, {
    usage: 'token',
    description: "Print an access token of the service account, for Zitadel's API and the directory's.",
    examples: [
      'drawbridge token',
      'drawbridge token --audience 318273645',
      'curl -H "Authorization: Bearer $(drawbridge token)" http://127.0.0.1:7703/api/me',
    ],
    connects: true,
    flags: (command) => command.option('--audience <project...>', 'further projects the token is for'),
    load: async () => (await import('./commands/token.ts')).printToken,
  });

  add(program, {
    usage: 'doctor',
    description: 'Check what commonly goes wrong, and say what to do.',
    examples: ['drawbridge doctor', 'drawbridge doctor --all', 'drawbridge doctor --json'],
    connects: true,
    flags: (command) => command.option('--all', 'list what is fine, too'),
    load: async () => (await import('./commands/doctor.ts')).doctor,
  });

  add(group('setup', 'Prepare a real installation.'), {
    usage: 'directory',
    description: 'Name the first site administrator of a directory. Works once.',
    examples: ['DATABASE_URL=postgres://… drawbridge setup directory --admin 318273645546372819'],
    flags: (command) => command.requiredOption('--admin <subject>', "the person's user id in Zitadel (sub)"),
    load: async () => (await import('./commands/setup.ts')).setupDirectory,
  });

  add(program, {
    usage: 'version',
    description: 'Print versions.',
    load: async () => (await import('./commands/version.ts')).printVersion,
  });
  return program;
}

function addLeaf<A extends unknown[]>(parent: Command, leaf: Leaf<A>, io: Io, signal: AbortSignal): void {
  const command = settle(parent.command(leaf.usage), io)
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
    .option('--debug', 'show stacks and debug logs')
    .option('--data-dir <folder>', 'folder of drawbridge dev')
    .helpOption('-h, --help', 'this text')
    .action(async (...received: unknown[]) => {
      const flags = command.opts<CommonFlags>();
      const args = [...received.slice(0, -2), flags] as unknown as A;
      const action = await leaf.load();
      await action(createContext(io, flags, signal), ...args);
    });
}

function describe(sentence: string, examples: readonly string[]): string {
  if (examples.length === 0) return sentence;
  return `${sentence}\n\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}

function settle(command: Command, io: Io): Command {
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

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_000)
    throw new InvalidArgumentError('A port is a number up to 65000.');
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 is needed.');
  return value;
}
