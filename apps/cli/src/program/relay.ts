import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge relay` */
export function addRelay(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'relay',
    description: "Serve an issuer's discovery document and keys on an inside address.",
    examples: [
      'drawbridge relay --issuer https://sso.acme.example \\',
      '    --url https://issuer.identity.svc:8443 --cert-dir /tls',
      'drawbridge relay … --zitadel-api ingress.identity.svc:443',
    ],
    flags: (command) =>
      command
        .option('--issuer <url>', 'whose documents, byte for byte (ZITADEL_ISSUER)')
        .option('--zitadel-api <address>', 'where its port is (ZITADEL_API)')
        .option('--url <origin>', 'how the relay is reached (DRAWBRIDGE_RELAY_URL)')
        .option('--max-age <time>', 'until read again (DRAWBRIDGE_RELAY_MAX_AGE), 1m')
        .option('--stale-if-error <time>', 'longer, in an outage (…_STALE_IF_ERROR), 1h')
        .option('--host <address>', 'address to listen on (DRAWBRIDGE_HOST), 0.0.0.0')
        .option('--port <port>', 'port to listen on (DRAWBRIDGE_PORT), 8443')
        .option('--metrics-bind-address <at>', 'probes and metrics on plain http, as :8080')
        .option('--cert-dir <folder>', 'certificate and key (DRAWBRIDGE_CERT_DIR)')
        .option('--cert-file <file>', 'the certificate in it, tls.crt')
        .option('--key-file <file>', 'the key in it, tls.key')
        .option('--log-level <level>', 'debug, info, warn or error (DRAWBRIDGE_LOG_LEVEL)')
        .option('--allow-insecure', 'plain http elsewhere (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await commands.relay()).relay,
  });
}
