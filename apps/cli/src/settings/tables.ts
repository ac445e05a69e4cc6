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
