import { type Command, Option } from 'commander';
import { commands } from '../commands/index.ts';
import type { Builder } from './leaf.ts';

/** Flags of the Go provider's controller, taken so that its deployment starts as it is. `docs/kubernetes/migration.md` has them. */
const former = [
  'zitadel-base-url <url>',
  'zitadel-sdk-issuer <url>',
  'zitadel-sdk-domain <address>',
  'zitadel-machine-account-key-path <file>',
  'core-control-plane-kubeconfig <file>',
  'server-config <file>',
  'zitadel-default-machine-key-expiration <time>',
  'metrics-cert-path <folder>',
  'metrics-cert-name <file>',
  'metrics-cert-key <file>',
  'metrics-secure [yes]',
  'webhook-cert-path <folder>',
  'webhook-cert-name <file>',
  'webhook-cert-key <file>',
  'enable-http2 [yes]',
  'upstream-kubeconfig <file>',
  'leader-elect [yes]',
  'leader-election-resource-lock <kind>',
  'leader-election-lease-duration <time>',
  'leader-election-renew-deadline <time>',
  'leader-election-retry-period <time>',
  'leader-election-release-on-cancel [yes]',
];

/** `drawbridge controller` */
export function addController(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'controller',
    description: 'Bring Zitadel to what the users and machines of a cluster say.',
    examples: [
      'drawbridge controller --zitadel-issuer https://sso.acme.example \\',
      '    --zitadel-key key.json',
      'drawbridge controller … --mode milo --kubeconfig milo.yaml \\',
      '    --email-address-suffix identity.acme.example',
    ],
    flags: (command) => {
      for (const flag of former) command.addOption(new Option(`--${flag}`).hideHelp());
      return command
        .option('--zitadel-issuer <url>', 'the Zitadel instance (ZITADEL_ISSUER)')
        .option('--zitadel-api <address>', 'where its port is (ZITADEL_API)')
        .option('--zitadel-key <file>', 'service-account key (ZITADEL_KEY_PATH)')
        .option('--kubeconfig <file>', 'the cluster (DRAWBRIDGE_KUBECONFIG)')
        .option('--project-kubeconfig <file>', 'server of the projects, the same')
        .option('--mode <mode>', 'single, or milo: projects, too')
        .option('--email-address-suffix <domain>', 'where machines have mail')
        .option('--service-account-organization <id>', 'where there are no projects')
        .option('--registration-approval [yes]', 'keep out who is not approved')
        .option('--profiles <how>', 'correct, or only report differences')
        .option('--key-max-age <time>', 'of keys in Secrets, 30d')
        .option('--key-overlap <time>', 'of a replaced key, 24h')
        .option('--zitadel-introspection-project-id <id>', 'what tokens of keys are for')
        .option('--resync-period <time>', 'when all is compared again, 10m')
        .option('--workers <count>', 'objects of a kind at once, 8')
        .option('--leader-election-namespace <name>', "of the Lease, the pod's")
        .option('--leader-election-id <name>', 'of the Lease, drawbridge-controller')
        .option('--health-probe-bind-address <at>', 'probes and metrics, :8081')
        .option('--metrics-bind-address <at>', 'metrics on a second server, as :8080')
        .option('--log-level <level>', 'debug, info, warn or error')
        .option('--calls-per-second <n>', 'to Zitadel; 20 on zitadel.cloud')
        .option('--allow-insecure', 'plain http to Zitadel');
    },
    load: async () => (await commands.controller()).controller,
  });
}
