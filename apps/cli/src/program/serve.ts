import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge serve` and what prepares it. */
export function addServe(program: Command, { add, group }: Builder): void {
  add(program, {
    usage: 'serve',
    description: 'Serve the directory from PostgreSQL: API, console and workers.',
    examples: [
      'DATABASE_URL=postgres://… drawbridge serve --public-url https://dir.acme.example',
      'drawbridge serve --workers-only',
      'drawbridge serve --host 0.0.0.0 --tls-cert tls.crt --tls-key tls.key',
    ],
    flags: (command) =>
      command
        .option('--api-only', 'no runs, sweeps and imports')
        .option('--workers-only', 'no API and no console; probes and metrics only')
        .option('--host <address>', 'address to listen on (DRAWBRIDGE_HOST), 127.0.0.1')
        .option('--port <port>', 'port to listen on (DRAWBRIDGE_PORT), 7703')
        .option('--public-url <url>', 'where browsers reach it (DRAWBRIDGE_PUBLIC_URL)')
        .option('--trusted-proxies <count>', 'proxies in front (DRAWBRIDGE_TRUSTED_PROXIES)')
        .option('--tls-cert <file>', 'certificate (DRAWBRIDGE_TLS_CERT)')
        .option('--tls-key <file>', 'its key (DRAWBRIDGE_TLS_KEY)')
        .option('--console <folder>', 'the built console (DRAWBRIDGE_CONSOLE)')
        .option('--events-url <url>', 'where Zitadel reaches it (DRAWBRIDGE_EVENTS_URL)')
        .option('--log-level <level>', 'debug, info, warn or error (DRAWBRIDGE_LOG_LEVEL)')
        .option('--allow-insecure', 'plain http (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await commands.serve()).serve,
  });
  add(group('setup', 'Prepare a real installation.'), {
    usage: 'directory',
    description: 'Name the first site administrator and integrate Zitadel. Works once.',
    examples: [
      'DATABASE_URL=postgres://… drawbridge setup directory --admin 318273645 \\',
      '  --issuer https://sso.acme.example --project 314159 --key /run/key.json \\',
      '  --client-id 271828@app --client-secret /run/app-key.json --web-client-id 161803',
    ],
    flags: (command) =>
      command
        .requiredOption('--admin <subject>', "the person's user id in Zitadel (sub)")
        .option('--issuer <url>', 'the Zitadel instance')
        .option('--address <address>', 'where its port is, if not at the issuer')
        .option('--project <id>', 'the application project')
        .option('--key <file>', "the service account's key, where the server has it")
        .option('--client-id <id>', 'API application that checks tokens')
        .option('--client-secret <file>', 'its key or secret, where the server has it')
        .option('--web-client-id <id>', 'application of the console')
        .option('--management-client-id <id>', 'application of site administration'),
    load: async () => (await commands.setup()).setupDirectory,
  });
}
