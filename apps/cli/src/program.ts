import { Command } from 'commander';
import {
  addAudit,
  addOrgs,
  addRuns,
  addServe,
  addSync,
  addUsers,
  createBuilder,
  describe,
  port,
  settle,
} from './program/index.ts';
import type { Io } from './terminal/index.ts';

/** The command line: words, flags and help. */
export function createProgram(io: Io, signal: AbortSignal): Command {
  const program = settle(new Command('drawbridge'), io).description(
    describe('The identity bridge for Zitadel.', [
      'drawbridge dev                                          everything, emulated, here',
      'drawbridge users create ada@demo.localhost --org demo   a user here and in Zitadel',
      'drawbridge doctor                                       what is wrong, what to do',
    ]),
  );
  program.enablePositionalOptions();
  const builder = createBuilder(program, io, signal);
  const { group, add } = builder;

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

  addUsers(builder);
  addOrgs(builder);
  addRuns(builder);
  addSync(program, builder);
  addAudit(builder);

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

  addServe(program, builder);

  add(program, {
    usage: 'version',
    description: 'Print versions.',
    load: async () => (await import('./commands/version.ts')).printVersion,
  });
  return program;
}
