import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** Several values: the flag again, or commas. */
const several = (value: string, before: readonly string[] = []) => [
  ...before,
  ...value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
];

/** `drawbridge apiserver` */
export function addApiserver(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'apiserver',
    description: 'Serve sessions, identities and keys of Zitadel as objects of Kubernetes.',
    examples: [
      'drawbridge apiserver --zitadel-issuer https://sso.acme.example \\',
      '    --zitadel-key key.json --tls-cert-file tls.crt --tls-private-key-file tls.key',
      'drawbridge apiserver … --requestheader-client-ca-file front-proxy-ca.crt \\',
      '    --requestheader-allowed-names front-proxy-client',
    ],
    flags: (command) =>
      command
        .option('--zitadel-issuer <url>', 'the instance (ZITADEL_ISSUER)')
        .option('--zitadel-api <address>', 'where its port is (ZITADEL_API)')
        .option('--zitadel-key <file>', 'account key (ZITADEL_KEY_PATH)')
        .option('--host <address>', 'address to listen on, 0.0.0.0')
        .option('--secure-port <port>', 'port to listen on, 8443')
        .option('--tls-cert-file <file>', 'certificate (DRAWBRIDGE_TLS_CERT)')
        .option('--tls-private-key-file <file>', 'its key (DRAWBRIDGE_TLS_KEY)')
        .option('--kubeconfig <file>', 'the cluster, from outside of it')
        .option('--requestheader-client-ca-file <file>', 'who signs for the front proxy')
        .option('--requestheader-allowed-names <names>', 'its common names', several)
        .option('--requestheader-username-headers <names>', 'X-Remote-User', several)
        .option('--requestheader-uid-headers <names>', 'X-Remote-Uid', several)
        .option('--requestheader-group-headers <names>', 'X-Remote-Group', several)
        .option('--requestheader-extra-headers-prefix <names>', 'X-Remote-Extra-', several)
        .option('--uid-from-username [yes]', 'for Kubernetes before 1.33')
        .option('--identity-groups <groups>', 'DRAWBRIDGE_IDENTITY_GROUPS, both', several)
        .option('--zitadel-default-machine-key-expiration <time>', 'life of keys, 90d')
        .option('--max-key-expiration <time>', 'their longest life, 365d')
        .option('--zitadel-introspection-project-id <id>', 'what their tokens are for')
        .option('--service-account-organization <id>', 'where there are no projects')
        .option('--enable-impersonation-fallback [yes]', 'the extra project, for tests')
        .option('--audience <ids>', 'of tokens of direct callers', several)
        .option('--zitadel-application-key <file>', 'application that asks about them')
        .option('--username-claim <claim>', 'their user name: sub, or email')
        .option('--username-prefix <text>', 'before user names')
        .option('--groups-prefix <text>', 'before groups, zitadel:')
        .option('--role-organization <ids>', 'its roles are groups role:ROLE', several)
        .option('--token-ttl <time>', 'until asked again, 30s')
        .option('--log-level <level>', 'debug, info, warn or error')
        .option('--calls-per-second <n>', 'to Zitadel; 20 on zitadel.cloud')
        .option('--allow-insecure', 'plain http to Zitadel'),
    load: async () => (await commands.apiserver()).apiserver,
  });
}
