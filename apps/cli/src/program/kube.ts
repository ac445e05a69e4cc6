import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

const place = (command: Command) =>
  command
    .option('--issuer <url>', 'the Zitadel instance (HARMONY_SSO_URL)')
    .option('--client-id <id>', 'application to sign in to (HARMONY_SSO_CLIENT_ID)')
    .option('--audience <project...>', 'further projects that the token is for')
    .option('--allow-insecure', 'plain http (DRAWBRIDGE_ALLOW_INSECURE)');

/** `drawbridge kube …` */
export function addKube({ group, add }: Builder): void {
  const kube = group('kube', 'Sign in to Kubernetes.');
  const load = commands.kube;
  add(kube, {
    usage: 'config',
    description: 'Let kubectl sign in with Zitadel: writes the user into the kubeconfig.',
    examples: [
      'drawbridge kube config',
      'drawbridge kube config --context staging',
      'drawbridge kube config --print >> ~/.kube/config',
    ],
    flags: (command) =>
      place(
        command
          .option('--user <name>', 'name of the entry', 'drawbridge')
          .option('--context <name>', 'context that is to use it')
          .option('--kubeconfig <file>', 'the kubeconfig (KUBECONFIG)')
          .option('--print', 'print it, and write nothing'),
      ),
    load: async () => (await load()).writeKubeConfig,
  });
  add(kube, {
    usage: 'credential',
    description: 'Print an access token as kubectl wants it. kubectl calls this.',
    examples: ['drawbridge kube credential', 'drawbridge kube credential --key /run/key.json'],
    flags: (command) => place(command.option('--key <file>', 'service-account key (ZITADEL_KEY_PATH)')),
    load: async () => (await load()).printCredential,
  });
}
