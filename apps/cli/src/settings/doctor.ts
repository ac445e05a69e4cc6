import { optional, validators } from '@drawbridge/kit';
import { optionalDatabaseSettings, signInSettings } from './tables.ts';

/** What `drawbridge doctor` looks at beside Zitadel and OpenBao, whose settings are those of the commands that use them. */
export const doctorSettings = {
  database: optionalDatabaseSettings.url,
  applicationKeyPath: optional(validators.path(), {
    flag: 'application-key',
    env: ['DRAWBRIDGE_APPLICATION_KEY_PATH'],
    key: 'authnWebhook.applicationKey',
    description: 'Key file of the API application that introspects tokens.',
  }),
  kubeconfig: optional(validators.path(), {
    flag: 'kubeconfig',
    env: ['DRAWBRIDGE_KUBECONFIG'],
    key: 'apiserver.kubeconfig',
    description: 'Cluster behind whose kube-apiserver the identity API is.',
  }),
  netbirdUrl: optional(validators.url(), {
    flag: 'netbird',
    env: ['DRAWBRIDGE_NETBIRD_URL'],
    key: 'netbird.url',
    description: 'URL of NetBird.',
  }),
  netbirdTokenPath: optional(validators.path(), {
    flag: 'netbird-token-file',
    env: ['DRAWBRIDGE_NETBIRD_TOKEN_PATH'],
    key: 'netbird.token',
    description: 'File with a token of NetBird.',
  }),
  allowInsecure: signInSettings.allowInsecure,
};
