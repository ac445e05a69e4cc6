import { optional, required, validators, withDefault } from '@drawbridge/kit';

/** Where commands connect to, and as whom. */
export const connectionSettings = {
  issuer: optional(validators.url(), {
    flag: 'issuer',
    env: ['ZITADEL_ISSUER'],
    key: 'zitadel.issuer',
    description: 'URL that identifies the Zitadel instance.',
  }),
  address: optional(validators.text(), {
    env: ['ZITADEL_API'],
    key: 'zitadel.address',
    description: 'Where its port is, if not at the issuer.',
  }),
  keyPath: optional(validators.path(), {
    flag: 'key',
    env: ['ZITADEL_KEY_PATH'],
    key: 'zitadel.key',
    description: 'Service-account key file.',
  }),
  directory: optional(validators.url(), {
    flag: 'directory',
    env: ['DRAWBRIDGE_DIRECTORY'],
    key: 'directory.url',
    description: 'URL of the directory.',
  }),
  projectId: optional(validators.text(), {
    flag: 'project',
    env: ['DRAWBRIDGE_PROJECT_ID'],
    key: 'zitadel.project',
    description: 'Application project in Zitadel.',
  }),
};

/** Where people sign in, and how their session is kept. */
export const signInSettings = {
  issuer: optional(validators.url(), {
    flag: 'issuer',
    env: ['HARMONY_SSO_URL', 'ZITADEL_ISSUER'],
    key: 'zitadel.issuer',
    description: 'URL that identifies the Zitadel instance.',
  }),
  address: connectionSettings.address,
  clientId: optional(validators.text(), {
    flag: 'client-id',
    env: ['HARMONY_SSO_CLIENT_ID'],
    key: 'zitadel.clientId',
    description: 'Application that people sign in to with the command.',
  }),
  keyring: withDefault(validators.boolean(), true, {
    env: ['DRAWBRIDGE_KEYRING'],
    key: 'session.keyring',
    description: "Whether the session is kept in the system's keyring where there is one.",
  }),
  passphrasePath: optional(validators.path(), {
    env: ['DRAWBRIDGE_PASSPHRASE_PATH'],
    key: 'session.passphrase',
    description: 'File with a passphrase that the session is encrypted with.',
  }),
  allowInsecure: withDefault(validators.boolean(), false, {
    flag: 'allow-insecure',
    env: ['DRAWBRIDGE_ALLOW_INSECURE'],
    key: 'zitadel.allowInsecure',
    description: 'Take plain http to other machines.',
  }),
};

/** Which OpenBao, and as whom. */
export const openbaoSettings = {
  url: optional(validators.url(), {
    flag: 'openbao',
    env: ['OPENBAO_URL'],
    key: 'openbao.url',
    description: 'URL of OpenBao.',
  }),
  address: optional(validators.text(), {
    env: ['DRAWBRIDGE_OPENBAO_ADDRESS'],
    key: 'openbao.address',
    description: 'Where its port is, if not at the URL.',
  }),
  ca: optional(validators.path(), {
    env: ['DRAWBRIDGE_OPENBAO_CA'],
    key: 'openbao.ca',
    description: 'Authorities that its certificate may come from, PEM.',
  }),
  namespace: optional(validators.text(), {
    env: ['DRAWBRIDGE_OPENBAO_NAMESPACE'],
    key: 'openbao.namespace',
    description: 'Namespace of OpenBao.',
  }),
  token: optional(validators.secret(), {
    env: ['OPENBAO_TOKEN'],
    description: 'Token of OpenBao to use instead of signing in.',
  }),
  mount: optional(validators.text(), {
    flag: 'mount',
    env: ['OPENBAO_JWT_AUTH_MOUNT'],
    key: 'openbao.jwtAuthMount',
    description: 'JWT method of OpenBao; jwt by default.',
  }),
  role: optional(validators.text(), {
    flag: 'role',
    env: ['OPENBAO_JWT_ROLE'],
    key: 'openbao.jwtRole',
    description: 'Role at that method; harmony-developer by default.',
  }),
  allowInsecure: withDefault(validators.boolean(), false, {
    flag: 'allow-insecure',
    env: ['DRAWBRIDGE_ALLOW_INSECURE'],
    key: 'openbao.allowInsecure',
    description: 'Take plain http to other machines.',
  }),
};

const database = {
  env: ['DATABASE_URL'],
  key: 'database.url',
  description: 'PostgreSQL of the directory.',
};

/** The directory's database. */
export const databaseSettings = { url: required(validators.secret(), database) };

/** The same, for commands that also do without. */
export const optionalDatabaseSettings = { url: optional(validators.secret(), database) };

/** What `drawbridge serve` runs on. */
export const serveSettings = {
  database: databaseSettings.url,
  host: withDefault(validators.text(), '127.0.0.1', {
    flag: 'host',
    env: ['DRAWBRIDGE_HOST'],
    key: 'serve.host',
    description: 'Address to listen on.',
  }),
  port: withDefault(validators.port(), 7_703, {
    flag: 'port',
    env: ['DRAWBRIDGE_PORT'],
    key: 'serve.port',
    description: 'Port to listen on.',
  }),
  publicUrl: optional(validators.url(), {
    flag: 'public-url',
    env: ['DRAWBRIDGE_PUBLIC_URL'],
    key: 'serve.publicUrl',
    description: 'Where browsers reach it.',
  }),
  trustedProxies: withDefault(validators.integer({ min: 0, max: 10 }), 0, {
    flag: 'trusted-proxies',
    env: ['DRAWBRIDGE_TRUSTED_PROXIES'],
    key: 'serve.trustedProxies',
    description: 'Proxies in front of it that add to X-Forwarded-For.',
  }),
  tlsCert: optional(validators.path(), {
    flag: 'tls-cert',
    env: ['DRAWBRIDGE_TLS_CERT'],
    key: 'serve.tls.cert',
    description: 'Certificate with its intermediates, PEM.',
  }),
  tlsKey: optional(validators.path(), {
    flag: 'tls-key',
    env: ['DRAWBRIDGE_TLS_KEY'],
    key: 'serve.tls.key',
    description: 'Key of the certificate, PEM.',
  }),
  console: optional(validators.path(), {
    flag: 'console',
    env: ['DRAWBRIDGE_CONSOLE'],
    key: 'serve.console',
    description: 'Folder of the built console.',
  }),
  eventsUrl: optional(validators.url(), {
    flag: 'events-url',
    env: ['DRAWBRIDGE_EVENTS_URL'],
    key: 'serve.eventsUrl',
    description: 'Origin under which Zitadel reaches it, for webhooks.',
  }),
  allowInsecure: withDefault(validators.boolean(), false, {
    flag: 'allow-insecure',
    env: ['DRAWBRIDGE_ALLOW_INSECURE'],
    key: 'serve.allowInsecure',
    description: 'Take plain http to other machines.',
  }),
  logLevel: withDefault(validators.oneOf('debug', 'info', 'warn', 'error'), 'info', {
    flag: 'log-level',
    env: ['DRAWBRIDGE_LOG_LEVEL'],
    key: 'serve.logLevel',
    description: 'What is logged.',
  }),
};
