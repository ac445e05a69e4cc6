import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { type Builder, count } from './leaf.ts';

/** `drawbridge stack …` */
export function addStack({ group, add }: Builder): void {
  const load = commands.stack;
  const stack = group('stack', 'Zitadel and OpenBao on a local cluster, wired for single sign-on.');
  const named = (command: Command) =>
    command.option('--name <name>', 'of the stack and its cluster; drawbridge');
  add(stack, {
    usage: 'up',
    isDefault: true,
    description: 'Make the stack, or finish it. Shows first what it would do.',
    examples: [
      'drawbridge stack up',
      'drawbridge stack up --plan',
      'drawbridge stack up --domain lab.test --port 8090 --name lab',
      'drawbridge stack up --context kind-lab',
      'drawbridge stack --sso-demo',
    ],
    flags: (command) =>
      named(command)
        .option('--domain <domain>', 'sso. and bao. are before it; harmony.local')
        .option('--port <port>', 'the one port, here and in the cluster; 8080')
        .option('--context <name>', 'a cluster of yours, instead of one by k3d')
        .option('--kubeconfig <file>', 'where that context is')
        .option('--relay-image <image>', "Zitadel's keys for pods by a relay, not by DNS")
        .option('--skip-zitadel', 'OpenBao alone')
        .option('--plan', 'only show what would be done')
        .option('--yes', 'do not ask')
        .option('--demo', 'write and read a value there, with the root token')
        .option('--sso-demo', 'the same as a person who signs in')
        .option('--cleanup', 'the same as stack down --yes'),
    load: async () => (await load()).up,
  });
  add(stack, {
    usage: 'status',
    description: 'Show what of the stack answers now.',
    examples: ['drawbridge stack status', 'drawbridge stack status --json'],
    flags: named,
    load: async () => (await load()).stackStatusCommand,
  });
  add<[string | undefined, Readonly<Record<string, unknown>>]>(stack, {
    usage: 'logs [part]',
    description: 'Print the last lines of its pods: of postgres, zitadel, openbao or all.',
    examples: ['drawbridge stack logs', 'drawbridge stack logs zitadel --tail 200'],
    flags: (command) => named(command).option('--tail <lines>', 'of each container; 50', count),
    load: async () => (await load()).logs,
  });
  add(stack, {
    usage: 'down',
    description: 'Take the stack away, with all data in it.',
    examples: ['drawbridge stack down', 'drawbridge stack down --name lab --yes'],
    flags: (command) => named(command).option('--yes', 'do not ask'),
    load: async () => (await load()).stackDown,
  });
}
