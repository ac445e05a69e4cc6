import { optional, required, validators, withDefault } from '@drawbridge/kit';
import { connectionSettings, optionalDatabaseSettings, serveSettings } from './tables.ts';

/** What `drawbridge authn-webhook` runs on. */
export const authnWebhookSettings = {
  issuer: connectionSettings.issuer,
  domain: optional(validators.text(), {
    flag: 'zitadel-domain',
    description: 'Domain of the Zitadel instance, where no issuer is given.',
  }),
  address: { ...connectionSettings.address, flag: 'zitadel-api' },
  keyPath: required(validators.path(), {
    flag: 'zitadel-private-key',
    env: ['DRAWBRIDGE_APPLICATION_KEY_PATH'],
    key: 'authnWebhook.applicationKey',
    description: 'Key file of the API application that introspects tokens.',
  }),
  audiences: required(validators.list(validators.text()), {
    flag: 'audience',
    env: ['DRAWBRIDGE_AUDIENCES'],
    key: 'authnWebhook.audiences',
    description: 'Projects or applications that tokens have to be for, with the audience each stands for.',
  }),
  username: withDefault(validators.oneOf('sub', 'email'), 'sub', {
    flag: 'username-claim',
    env: ['DRAWBRIDGE_USERNAME_CLAIM'],
    key: 'authnWebhook.username.claim',
    description: 'What the user name is: the user id, or the verified mail address.',
  }),
  usernamePrefix: optional(validators.text(), {
    flag: 'username-prefix',
    env: ['DRAWBRIDGE_USERNAME_PREFIX'],
    key: 'authnWebhook.username.prefix',
    description: 'What user names begin with.',
  }),
  groupsPrefix: withDefault(validators.text(), 'zitadel:', {
    flag: 'groups-prefix',
    env: ['DRAWBRIDGE_GROUPS_PREFIX'],
    key: 'authnWebhook.groups.prefix',
    description: 'What groups begin with.',
  }),
  roleOrganizations: withDefault(validators.list(validators.text()), [], {
    flag: 'role-organization',
    env: ['DRAWBRIDGE_ROLE_ORGANIZATIONS'],
    key: 'authnWebhook.groups.roleOrganizations',
    description: 'Organizations whose roles are groups without naming the organization.',
  }),
  ttlMs: withDefault(validators.duration({ max: 300_000 }), 30_000, {
    flag: 'token-ttl',
    env: ['DRAWBRIDGE_TOKEN_TTL'],
    key: 'authnWebhook.ttl',
    description: 'How long Zitadel is not asked again about a token.',
  }),
  host: withDefault(validators.text(), '0.0.0.0', {
    flag: 'host',
    env: ['DRAWBRIDGE_HOST'],
    key: 'authnWebhook.host',
    description: 'Address to listen on.',
  }),
  port: withDefault(validators.port(), 9_443, {
    flag: 'port',
    env: ['DRAWBRIDGE_PORT'],
    key: 'authnWebhook.port',
    description: 'Port to listen on.',
  }),
  metricsAddress: optional(validators.text(), {
    flag: 'metrics-bind-address',
    env: ['DRAWBRIDGE_METRICS_BIND_ADDRESS'],
    key: 'authnWebhook.metricsBindAddress',
    description:
      'Address of a second server with probes and metrics on plain http, such as :8080; 0 for none.',
  }),
  certDir: required(validators.path(), {
    flag: 'cert-dir',
    env: ['DRAWBRIDGE_CERT_DIR'],
    key: 'authnWebhook.tls.dir',
    description: 'Folder of certificate and key.',
  }),
  certFile: withDefault(validators.text(), 'tls.crt', {
    flag: 'cert-file',
    key: 'authnWebhook.tls.cert',
    description: 'Certificate with its intermediates, PEM, within the folder.',
  }),
  keyFile: withDefault(validators.text(), 'tls.key', {
    flag: 'key-file',
    key: 'authnWebhook.tls.key',
    description: 'Key of the certificate, PEM, within the folder.',
  }),
  clientCaFile: optional(validators.path(), {
    flag: 'client-ca-file',
    env: ['DRAWBRIDGE_CLIENT_CA_FILE'],
    key: 'authnWebhook.tls.clientCa',
    description: 'Authorities of the certificate that kube-apiserver has to show, PEM.',
  }),
  database: optionalDatabaseSettings.url,
  instance: optional(validators.text(), {
    flag: 'zitadel-instance',
    env: ['DRAWBRIDGE_INSTANCE'],
    key: 'zitadel.instance',
    description: 'Id of the Zitadel instance, where the database has events of several.',
  }),
  tokenLifeMs: withDefault(validators.duration({ min: 60_000 }), 12 * 3_600_000, {
    flag: 'token-life',
    env: ['DRAWBRIDGE_TOKEN_LIFE'],
    key: 'authnWebhook.tokenLife',
    description: 'The longest life of an access token, as whoever writes revocations has it.',
  }),
  callsPerSecond: serveSettings.callsPerSecond,
  allowInsecure: { ...serveSettings.allowInsecure, key: 'authnWebhook.allowInsecure' },
  logLevel: { ...serveSettings.logLevel, key: 'authnWebhook.logLevel' },
};
