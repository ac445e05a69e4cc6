import { Command, InvalidArgumentError, Option } from 'commander';
import { type CommonFlags, type Context, createContext } from './context.ts';
import type { Io } from './terminal/index.ts';

const exitCodes = 'Exit codes: 0 ok, 1 failed, 2 usage, 3 not signed in, 4 refused, 5 unreachable.';

/** The command line: words, flags and help. Actions are loaded when they run, so that help and small commands stay quick. */
export function createProgram(io: Io, signal: AbortSignal): Command {
  const program = new Command('drawbridge')
    .description('The identity bridge for Zitadel.')
    .addHelpText(
      'after',
      `
Examples:
  drawbridge dev                                          everything, emulated, on this machine
  drawbridge users create ada@demo.localhost --org demo   a user here and in Zitadel
  drawbridge doctor                                       what is wrong, and what to do

${exitCodes}`,
    )
    .showSuggestionAfterError(true);
  const settle = (command: Command) => configure(command, io);
  settle(program);

  const leaf = (parent: Command, usage: string, description: string, examples: readonly string[]) => {
    const command = parent
      .command(usage)
      .description(description)
      .option('--json', 'answer as JSON')
      .option('--no-color', 'no colour')
      .option('--debug', 'show stacks and debug logs')
      .option('--data-dir <folder>', 'folder of drawbridge dev');
    if (examples.length > 0)
      command.addHelpText(
        'after',
        `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}\n\n${exitCodes}`,
      );
    return settle(command);
  };
  const run =
    <A extends unknown[]>(load: () => Promise<(context: Context, ...args: A) => Promise<void>>) =>
    async (...received: unknown[]) => {
      const command = received.pop() as Command;
      const flags = command.opts<CommonFlags>();
      const args = received.slice(0, -1);
      const action = await load();
      await action(createContext(io, flags, signal), ...([...args, flags] as unknown as A));
    };

  leaf(program, 'dev', 'Run everything on this machine, emulated.', [
    'drawbridge dev',
    'drawbridge dev --ephemeral --port-base 7800',
    'drawbridge dev --json --data-dir ./.drawbridge',
  ])
    .option('--port-base <port>', 'first of the ports used', port, 7_700)
    .option('--ephemeral', 'keep nothing')
    .action(run(async () => (await import('./commands/dev.ts')).dev));

  const emulate = settle(program.command('emulate').description('Run one emulated system alone.'));
  leaf(emulate, 'zitadel', 'Run the emulated Zitadel alone.', [
    'drawbridge emulate zitadel --port 8080',
    'drawbridge emulate zitadel --data-dir ./zitadel',
    'drawbridge emulate zitadel --json',
  ])
    .option('--port <port>', 'port to listen on', port, 7_700)
    .option('--domain <name>', 'its ExternalDomain', 'localhost')
    .action(run(async () => (await import('./commands/emulate.ts')).emulateZitadel));

  const users = settle(program.command('users').description('People in the directory.'));
  connected(
    leaf(users, 'create <mail>', 'Create a user here and in Zitadel, and watch it happen.', [
      'drawbridge users create ada@demo.localhost --org demo',
      'drawbridge users create ada@demo.localhost --org demo --role manager --name "Ada Okafor"',
      'drawbridge users create ada@demo.localhost --org demo --no-wait --json',
    ]),
  )
    .addOption(new Option('--org <organization>', 'id or slug').makeOptionMandatory().argParser(String))
    .option('--role <key>', 'admin, manager or user', 'user')
    .option('--name <name>', 'given and family name; default: from the address')
    .option('--no-wait', 'answer at once, without watching the run')
    .option('--idempotency-key <key>', 'the same key creates once, however often it is sent')
    .action(run(async () => withOrganization((await import('./commands/users.ts')).createUser)));
  connected(
    leaf(users, 'list', 'List the users of an organization.', [
      'drawbridge users list --org demo',
      'drawbridge users list --org demo --email ada@demo.localhost',
      'drawbridge users list --org demo --json',
    ]),
  )
    .addOption(new Option('--org <organization>', 'id or slug').makeOptionMandatory())
    .option('--email <mail>', 'only this address')
    .option('--limit <count>', 'at most so many', count)
    .action(run(async () => withOrganization((await import('./commands/users.ts')).listUsers)));
  connected(
    leaf(users, 'show <user>', 'Show one user, by id or by mail address.', [
      'drawbridge users show ada@demo.localhost --org demo',
      'drawbridge users show 01kadp3wq5v6 --json',
    ]),
  )
    .option('--org <organization>', 'id or slug, for a mail address')
    .action(run(async () => withOrganization((await import('./commands/users.ts')).showUser)));

  const runs = settle(program.command('runs').description('Provisioning runs.'));
  connected(
    leaf(runs, 'show <run>', 'Show a run step by step.', ['drawbridge runs show 01kadp3wq5v6']),
  ).action(run(async () => (await import('./commands/runs.ts')).showRun));

  connected(
    leaf(
      program,
      'token',
      "Print an access token of the service account, for Zitadel's API and the directory's.",
      [
        'drawbridge token',
        'drawbridge token --audience 318273645',
        'curl -H "Authorization: Bearer $(drawbridge token)" http://localhost:7703/api/me',
      ],
    ),
  )
    .option('--audience <project...>', 'further projects the token is for')
    .action(run(async () => (await import('./commands/token.ts')).printToken));

  connected(
    leaf(program, 'doctor', 'Check what commonly goes wrong, and say what to do.', [
      'drawbridge doctor',
      'drawbridge doctor --all',
      'drawbridge doctor --json',
    ]),
  )
    .option('--all', 'list what is fine, too')
    .action(run(async () => (await import('./commands/doctor.ts')).doctor));

  const setup = settle(program.command('setup').description('Prepare a real installation.'));
  leaf(setup, 'directory', 'Name the first site administrator of a directory. Works once.', [
    'drawbridge setup directory --admin 318273645546372819',
    'DATABASE_URL=postgres://… drawbridge setup directory --admin 318273645546372819',
  ])
    .requiredOption('--admin <subject>', "the person's user id in Zitadel (sub)")
    .action(run(async () => (await import('./commands/setup.ts')).setupDirectory));

  leaf(program, 'version', 'Print versions.', []).action(
    run(async () => (await import('./commands/version.ts')).printVersion),
  );
  return program;
}

/** Flags of commands that talk to Zitadel or the directory. */
function connected(command: Command): Command {
  return command
    .option('--directory <url>', 'the directory (DRAWBRIDGE_DIRECTORY)')
    .option('--issuer <url>', 'the Zitadel instance (ZITADEL_ISSUER)')
    .option('--key <file>', 'service-account key (ZITADEL_KEY_PATH)')
    .option('--project <id>', 'the application project (DRAWBRIDGE_PROJECT_ID)');
}

/** `--org` is short to type; inside it is called what it is. */
function withOrganization<A extends unknown[]>(action: (context: Context, ...args: A) => Promise<void>) {
  return async (context: Context, ...args: A): Promise<void> => {
    const flags = args.at(-1) as { org?: string };
    args[args.length - 1] = { ...flags, organization: flags.org };
    await action(context, ...args);
  };
}

function configure(command: Command, io: Io): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    // Errors are printed once, by main, like all others.
    writeErr: () => undefined,
    getOutHelpWidth: () => 80,
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
