import { Option } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge setup …` */
export function addSetup({ group, add }: Builder): void {
  const load = commands.setup;
  const setup = group('setup', 'Prepare a real installation.');
  add(setup, {
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
        .option('--management-client-id <id>', 'application of site administration')
        .option('--allow-insecure', 'plain http (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await load()).setupDirectory,
  });
  add(setup, {
    usage: 'zitadel',
    description: "Make what Drawbridge's jobs need in Zitadel. Shows what it would change first.",
    examples: [
      'drawbridge setup zitadel --issuer https://sso.acme.example --key owner.json',
      'drawbridge setup zitadel --plan',
      'drawbridge setup zitadel --public-url https://people.acme.example',
      'drawbridge setup zitadel --job controller apiserver --output secret',
      'drawbridge setup zitadel --file shop.yaml --yes',
    ],
    flags: (command) =>
      command
        .option('--issuer <url>', 'the Zitadel instance (ZITADEL_ISSUER)')
        .option('--key <file>', 'key of an owner of it (ZITADEL_KEY_PATH)')
        .option('--job <name...>', 'for which programs, or all; command and directory')
        .option('--public-url <url>', 'where browsers reach drawbridge serve')
        .option('--openbao-ui <url>', 'where browsers reach OpenBao')
        .option('--actions-url <url>', 'where Zitadel reaches drawbridge actions-server')
        .option('--ui <zitadel|custom>', 'on whose pages people register; zitadel')
        .option('--access-token <length>', 'life of access tokens, 15m; or keep')
        .option('--file <file>', 'more wishes, YAML; see --print')
        .option('--print', 'print what is wished, and do nothing')
        .option('--organization <id>', 'owner of the project; that of the key by default')
        .option('--plan', 'only show what would change')
        .addOption(new Option('--dry-run').hideHelp())
        .option('--yes', 'do not ask')
        .option('--adopt', 'take over what others made under the same names')
        .option('--prune', 'remove what an earlier run made and nobody wishes now')
        .option('--rotate [name...]', 'new keys for all, or for these')
        .option('--folder <folder>', 'where keys and secrets go')
        .option('--output <env|json|secret>', 'print what others have to know')
        .option('--namespace <name>', 'of Secrets; drawbridge')
        .option('--show-secrets', 'print Secrets on a terminal, too')
        .option('--ca <file>', 'authorities of its certificate, PEM')
        .option('--allow-insecure', 'plain http to other machines'),
    load: async () => (await load()).setupZitadel,
  });
  add(setup, {
    usage: 'openbao',
    description: 'Let people who sign in with Zitadel use OpenBao. Shows what it would change first.',
    examples: [
      'drawbridge setup openbao --issuer https://sso.acme.example --audience 314159',
      'drawbridge setup openbao --team payments=developer@271828 --dry-run',
      'drawbridge setup openbao --ci github:acme/shop@refs/heads/main --yes',
    ],
    flags: (command) =>
      command
        .option('--openbao <url>', 'OpenBao (OPENBAO_URL); its token: OPENBAO_TOKEN')
        .option('--token-file <file>', 'file with that token')
        .option('--issuer <url>', 'whose tokens people sign in with (HARMONY_SSO_URL)')
        .option('--audience <id...>', 'application or project that the tokens are for')
        .option('--jwks-url <url>', 'its keys, if OpenBao cannot reach the issuer')
        .option('--keys-ca <file>', 'authority of the server of the keys, PEM')
        .option('--mount <path>', 'JWT method (OPENBAO_JWT_AUTH_MOUNT), jwt')
        .option('--role <name>', 'role (OPENBAO_JWT_ROLE), harmony-developer')
        .option('--team <name=role@org...>', 'a folder for who has that role in Zitadel')
        .option('--ci <forge:repository@ref...>', 'jobs that may read; @ref may be left out')
        .option('--ci-issuer <url>', 'issuer of a forge of your own')
        .option('--ci-audience <text>', "what the jobs' tokens are made for")
        .option('--dry-run', 'only show what would change')
        .option('--yes', 'do not ask')
        .option('--allow-insecure', 'plain http (DRAWBRIDGE_ALLOW_INSECURE)'),
    load: async () => (await load()).setupOpenbao,
  });
}
