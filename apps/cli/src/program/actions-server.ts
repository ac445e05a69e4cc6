import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge actions-server` */
export function addActionsServer(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'actions-server',
    description: "Answer Zitadel's actions: User objects from its events, claims for its tokens.",
    examples: [
      'DATABASE_URL=postgres://… drawbridge actions-server --signing-key-file keys \\',
      '    --cert-file tls.crt --key-file tls.key --claims claims.yaml',
      'drawbridge actions-server --disable-signature-validation --without-cluster',
    ],
    flags: (command) =>
      command
        .option('--addr <address>', 'address to listen on, :8082')
        .option('--cert-file <file>', 'certificate; without it plain http')
        .option('--key-file <file>', 'its key')
        .option('--signing-key-file <file>', 'keys of the targets, one a line')
        .option('--signing-key <key...>', 'or the keys themselves (DRAWBRIDGE_SIGNING_KEYS)')
        .option('--disable-signature-validation', 'take unsigned calls, on loopback alone')
        .option('--kubeconfig <file>', 'the cluster with User objects')
        .option('--context <name>', 'context of the kubeconfig')
        .option('--without-cluster', 'tokens and revocations alone')
        .option('--create-on <which>', 'registered, added or both (DRAWBRIDGE_CREATE_ON)')
        .option('--identity-provider <id=name...>', 'google, github or other')
        .option('--claims <file>', 'claims policy (DRAWBRIDGE_CLAIMS_PATH)')
        .option('--issuer <url>', 'the Zitadel instance (ZITADEL_ISSUER)')
        .option('--zitadel-api <address>', 'where its port is (ZITADEL_API)')
        .option('--zitadel-key <file>', 'key of who reads events (ZITADEL_KEY_PATH)')
        .option('--zitadel-instance <id>', 'id of the instance (DRAWBRIDGE_INSTANCE)')
        .option('--token-life <time>', 'of access tokens (DRAWBRIDGE_TOKEN_LIFE), 12h')
        // Of the Go provider: HTTP/1.1 is what this server speaks.
        .option('--disable-http2 [yes]', 'taken and without effect: HTTP/1.1 is spoken')
        .option('--log-level <level>', 'debug, info, warn or error')
        .option('--calls-per-second <n>', 'to Zitadel; 20 on zitadel.cloud')
        .option('--allow-insecure', 'plain http to Zitadel'),
    load: async () => (await commands.actionsServer()).actionsServer,
  });
}
