import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

const place = (command: Command) =>
  command
    .option('--issuer <url>', 'the Zitadel instance (HARMONY_SSO_URL)')
    .option('--client-id <id>', 'application to sign in to (HARMONY_SSO_CLIENT_ID)')
    .option('--allow-insecure', 'plain http (DRAWBRIDGE_ALLOW_INSECURE)');

/** `drawbridge login`, `logout`, `whoami`, `token` */
export function addSession(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'login',
    description: 'Sign in, by a code that is typed in any browser.',
    examples: [
      'drawbridge login',
      'drawbridge login --browser                  a browser of this machine, no code',
      'drawbridge login --issuer https://sso.acme.example --client-id 322011',
    ],
    flags: (command) =>
      place(
        command
          .option('--browser', 'sign in in a browser of this machine, without a code')
          .option('--no-open', 'show the address and open nothing')
          .option('--again', 'also where somebody is signed in')
          .option('--switch', 'as somebody else than before')
          .option('--audience <project...>', 'further projects that the tokens are for'),
      ),
    load: async () => (await commands.login()).login,
  });
  add(program, {
    usage: 'logout',
    description: 'Sign out here and where the tokens came from, and say what could not be ended.',
    examples: ['drawbridge logout', 'drawbridge logout --json'],
    flags: place,
    load: async () => (await commands.logout()).logout,
  });
  add(program, {
    usage: 'whoami',
    description: 'Show who is signed in.',
    examples: ['drawbridge whoami', 'drawbridge whoami --json'],
    flags: place,
    load: async () => (await commands.whoami()).whoami,
  });
  add(program, {
    usage: 'token',
    description: 'Print an access token: of the key that is set, else of who is signed in.',
    examples: [
      'drawbridge token',
      'drawbridge token --audience 318273645',
      'curl -H "Authorization: Bearer $(drawbridge token)" http://127.0.0.1:7703/api/me',
    ],
    connects: true,
    flags: (command) => command.option('--audience <project...>', 'further projects the token is for'),
    load: async () => (await commands.token()).printToken,
  });
}
