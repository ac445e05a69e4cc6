import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { type Builder, count } from './leaf.ts';

/** Where values are. */
export const storeFlags = (command: Command) =>
  command
    .optionsGroup('Which values:')
    .option('--app <name>', 'application (DRAWBRIDGE_APP), harmony')
    .option('--environment <name>', 'environment (DRAWBRIDGE_ENVIRONMENT), dev')
    .option('--file <file>', 'values in YAML or JSON (DRAWBRIDGE_VALUES_PATH)')
    .option('--env-prefix <text>', 'DRAWBRIDGE_CONFIG_ (DRAWBRIDGE_ENV_PREFIX)')
    .option('--openbao <url>', 'OpenBao (OPENBAO_URL)')
    .option('--role <name>', 'role there (OPENBAO_JWT_ROLE), harmony-developer')
    .option('--definitions <file>', 'module with definitions (DRAWBRIDGE_DEFINITIONS)');

/** `drawbridge config …` */
export function addConfig({ group, add }: Builder): void {
  const config = group('config', 'Configuration and secrets: what programs read.');
  const load = commands.config;
  add(config, {
    usage: 'get <key>',
    description: 'Print a value, or one field of it.',
    examples: [
      'drawbridge config get greeting',
      'drawbridge config get database.url',
      'drawbridge config get database --json --fresh',
    ],
    flags: (command) => storeFlags(command.option('--fresh', 'ask OpenBao although a value is kept')),
    load: async () => (await load()).getConfig,
  });
  add(config, {
    usage: 'set <key> [value]',
    description: 'Write a value, or one field of it. Without one it is read from stdin, or typed.',
    examples: [
      'drawbridge config set greeting hello',
      'drawbridge config set database.poolSize 20',
      'drawbridge config set database.password             asks, shows nothing',
      'drawbridge config set tls-key --from-file tls.key',
    ],
    flags: (command) =>
      storeFlags(
        command
          .option('--from-file <file>', 'what the file holds')
          .option('--text', 'a text, also where it looks like JSON')
          .option('--cas <version>', 'only if that is the newest version; 0: only if there is none', version),
      ),
    load: async () => (await load()).setConfig,
  });
  add(config, {
    usage: 'unset <key>',
    description: 'Take a value away, or one field of it. Its versions stay.',
    examples: ['drawbridge config unset greeting', 'drawbridge config unset database.poolSize'],
    flags: storeFlags,
    load: async () => (await load()).unsetConfig,
  });
  add(config, {
    usage: 'list',
    description: 'List keys, and which sources have them.',
    examples: ['drawbridge config list', 'drawbridge config list --environment prod --json'],
    flags: storeFlags,
    load: async () => (await load()).listConfig,
  });
  add(config, {
    usage: 'explain <key>',
    description: 'Tell where a value comes from, and why; nothing secret is shown.',
    examples: ['drawbridge config explain database', 'drawbridge config explain database.url'],
    flags: storeFlags,
    load: async () => (await load()).explainConfig,
  });
  add(config, {
    usage: 'history <key>',
    description: 'List the versions of a value.',
    examples: ['drawbridge config history database', 'drawbridge config history database --json'],
    flags: storeFlags,
    load: async () => (await load()).showHistory,
  });
  add(config, {
    usage: 'rollback <key> <version>',
    description: 'Write an earlier version anew.',
    examples: ['drawbridge config rollback database 6'],
    flags: storeFlags,
    load: async () => (await load()).rollBack,
  });
  add(config, {
    usage: 'schema',
    description: "Print what a project's definitions ask for, as JSON Schema.",
    examples: ['drawbridge config schema --definitions src/config.ts'],
    flags: storeFlags,
    load: async () => (await load()).showSchema,
  });
}

function version(text: string): number {
  return text === '0' ? 0 : count(text);
}
