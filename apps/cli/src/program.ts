import { Command } from 'commander';
import {
  addActionsServer,
  addAdmins,
  addApiserver,
  addAudit,
  addAuthnWebhook,
  addConfig,
  addController,
  addDoctor,
  addEmulate,
  addKube,
  addOrgs,
  addRelay,
  addRun,
  addRuns,
  addServe,
  addSession,
  addSetup,
  addStack,
  addSync,
  addTools,
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
  const { add } = builder;

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

  addEmulate(builder);
  addSession(program, builder);
  addConfig(builder);
  addRun(program, builder);
  addKube(builder);
  addUsers(builder);
  addOrgs(builder);
  addAdmins(builder);
  addRuns(builder);
  addSync(program, builder);
  addAudit(builder);

  addDoctor(program, builder);
  addServe(program, builder);
  addApiserver(program, builder);
  addAuthnWebhook(program, builder);
  addController(program, builder);
  addActionsServer(program, builder);
  addRelay(program, builder);
  addSetup(builder);
  addStack(builder);
  addTools(program, builder);

  add(program, {
    usage: 'version',
    description: 'Print versions.',
    load: async () => (await import('./commands/version.ts')).printVersion,
  });
  return program;
}
