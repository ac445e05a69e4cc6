import { commands } from '../commands/index.ts';
import { type Builder, port } from './leaf.ts';

/** `drawbridge emulate …` */
export function addEmulate({ group, add }: Builder): void {
  const load = commands.emulate;
  const emulate = group('emulate', 'Run one emulated system alone.');
  add(emulate, {
    usage: 'zitadel',
    description: 'Run the emulated Zitadel alone.',
    examples: [
      'drawbridge emulate zitadel --port 8080',
      'drawbridge emulate zitadel --data-dir ./zitadel',
      'drawbridge emulate zitadel --json',
    ],
    flags: (command) =>
      command
        .option('--port <port>', 'port to listen on', port, 7_700)
        .option('--domain <name>', 'its ExternalDomain', 'localhost')
        .option('--upstream-deny-list', 'let actions call nothing on this machine'),
    load: async () => (await load()).emulateZitadel,
  });
  add(emulate, {
    usage: 'netbird',
    description: 'Run the emulated NetBird alone.',
    examples: [
      'drawbridge emulate netbird --port 7720',
      'drawbridge emulate netbird --issuer http://localhost:7700 --audience 312',
      'drawbridge emulate netbird --data-dir ./netbird --json',
    ],
    flags: (command) =>
      command
        .option('--port <port>', 'port to listen on', port, 7_720)
        .option('--issuer <url>', 'whose access tokens people sign in with')
        .option('--audience <id...>', 'one of these has to be in the tokens')
        .option('--embedded-idp', "give people the ids of NetBird's embedded identity provider"),
    load: async () => (await load()).emulateNetbird,
  });

  add(emulate, {
    usage: 'openbao',
    description: 'Run the emulated OpenBao alone.',
    examples: [
      'drawbridge emulate openbao --port 8200',
      'drawbridge emulate openbao --issuer http://localhost:7700 --audience drawbridge',
      'drawbridge emulate openbao --data-dir ./openbao --json',
    ],
    flags: (command) =>
      command
        .option('--port <port>', 'port to listen on', port, 7_721)
        .option('--issuer <url>', 'whose id tokens people sign in with')
        .option('--audience <id...>', 'one of these has to be in the tokens'),
    load: async () => (await load()).emulateOpenbao,
  });
}
