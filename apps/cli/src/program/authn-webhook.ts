import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge authn-webhook` */
export function addAuthnWebhook(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'authn-webhook',
    description: "Check kube-apiserver's bearer tokens with Zitadel: its TokenReview webhook.",
    examples: [
      'drawbridge authn-webhook --zitadel-domain sso.acme.example \\',
      '    --zitadel-private-key app.json --audience 322011 --cert-dir /tls',
      'drawbridge authn-webhook … --client-ca-file ca.crt --metrics-bind-address :8080',
    ],
    flags: (command) =>
      command
        .option('--zitadel-domain <name>', 'the Zitadel instance, by its domain')
        .option('--issuer <url>', 'or by its issuer (ZITADEL_ISSUER)')
        .option('--zitadel-api <address>', 'where its port is (ZITADEL_API)')
        .option('--zitadel-private-key <file>', 'key file of the API application that asks')
        .option('--audience <id[=name]...>', 'what tokens are for (DRAWBRIDGE_AUDIENCES)')
        .option('--username-claim <claim>', 'sub, or email (DRAWBRIDGE_USERNAME_CLAIM)')
        .option('--username-prefix <text>', 'user names (DRAWBRIDGE_USERNAME_PREFIX)')
        .option('--groups-prefix <text>', 'groups (DRAWBRIDGE_GROUPS_PREFIX), zitadel:')
        .option('--role-organization <id...>', 'its roles become groups role:ROLE')
        .option('--token-ttl <time>', 'until asked again (DRAWBRIDGE_TOKEN_TTL), 30s')
        .option('--zitadel-instance <id>', 'whose revocations, with DATABASE_URL')
        .option('--token-life <time>', 'of access tokens (DRAWBRIDGE_TOKEN_LIFE), 12h')
        .option('--host <address>', 'address to listen on (DRAWBRIDGE_HOST), 0.0.0.0')
        .option('--port <port>', 'port to listen on (DRAWBRIDGE_PORT), 9443')
        .option('--webhook-port <port>', 'the same')
        .option('--metrics-bind-address <at>', 'probes and metrics on plain http, as :8080')
        .option('--cert-dir <folder>', 'certificate and key (DRAWBRIDGE_CERT_DIR)')
        .option('--cert-file <file>', 'the certificate in it, tls.crt')
        .option('--key-file <file>', 'the key in it, tls.key')
        .option('--client-ca-file <file>', "who signs kube-apiserver's certificate")
        .option('--jwt-expiration <time>', 'taken and without effect: assertions live 5 minutes')
        .option('--jwt-refresh-before <time>', 'taken and without effect')
        .option('--log-level <level>', 'debug, info, warn or error (DRAWBRIDGE_LOG_LEVEL)')
        .option('--calls-per-second <n>', 'to Zitadel; 20 on zitadel.cloud')
        .option('--allow-insecure', 'plain http to Zitadel (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await commands.authnWebhook()).authnWebhook,
  });
}
