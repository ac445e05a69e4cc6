import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge doctor` */
export function addDoctor(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'doctor',
    description: 'Check what commonly goes wrong, and say what to do.',
    examples: [
      'drawbridge doctor',
      'drawbridge doctor --all',
      'drawbridge doctor --probe --kubeconfig ~/.kube/config --json',
    ],
    connects: true,
    flags: (command) =>
      command
        .option('--all', 'list what is fine and what is not set up, too')
        .option('--probe', 'cause an event in Zitadel, and see it arrive')
        .option('--strict', 'end 1 for warnings, too')
        .option('--application-key <file>', 'of the application that introspects tokens')
        .option('--openbao <url>', 'OpenBao (OPENBAO_URL)')
        .option('--netbird <url>', 'NetBird (DRAWBRIDGE_NETBIRD_URL)')
        .option('--netbird-token-file <file>', 'file with a token of it (…_TOKEN_PATH)')
        .option('--kubeconfig <file>', 'the cluster, too (DRAWBRIDGE_KUBECONFIG)')
        .option('--allow-insecure', 'plain http elsewhere (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await commands.doctor()).doctor,
  });
}
