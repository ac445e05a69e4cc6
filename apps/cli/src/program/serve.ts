import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge serve` */
export function addServe(program: Command, { add }: Builder): void {
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
        .option('--calls-per-second <n>', 'to Zitadel; 20 on zitadel.cloud')
        .option('--allow-insecure', 'plain http (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await commands.serve()).serve,
  });
}
