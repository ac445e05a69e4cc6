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

/** Who signs in at OpenBao, where that is no person by Zitadel. */
export const openbaoAccountSettings = {
  username: optional(validators.text(), {
    env: ['OPENBAO_USERNAME'],
    key: 'openbao.username',
    description: 'Name at the userpass method of OpenBao.',
  }),
  passwordPath: optional(validators.path(), {
    env: ['OPENBAO_PASSWORD_PATH'],
    key: 'openbao.password',
    description: 'File with its password; without one it is asked for.',
  }),
  userpassMount: optional(validators.text(), {
    env: ['OPENBAO_USERPASS_MOUNT'],
    key: 'openbao.userpassMount',
    description: 'Userpass method of OpenBao; userpass by default.',
  }),
  podToken: optional(validators.path(), {
    env: ['DRAWBRIDGE_POD_TOKEN_PATH'],
    key: 'openbao.podToken',
    description: "Token of a pod's Kubernetes service account, to sign in with at OpenBao.",
  }),
  keyPath: connectionSettings.keyPath,
  projectId: connectionSettings.projectId,
};

/** Which values are meant, and where they are besides the store. */
export const storeSettings = {
  app: withDefault(validators.text(), 'harmony', {
    flag: 'app',
    env: ['DRAWBRIDGE_APP'],
    key: 'store.app',
    description: 'Application whose values are meant.',
  }),
  environment: withDefault(validators.text(), 'dev', {
    flag: 'environment',
    env: ['DRAWBRIDGE_ENVIRONMENT'],
    key: 'store.environment',
    description: 'Environment whose values are meant.',
  }),
  mount: withDefault(validators.text(), 'secret', {
    flag: 'kv',
    env: ['DRAWBRIDGE_STORE_MOUNT'],
    key: 'store.mount',
    description: 'KV version 2 engine of OpenBao.',
  }),
  prefix: withDefault(validators.text(), 'DRAWBRIDGE_CONFIG_', {
    flag: 'env-prefix',
    env: ['DRAWBRIDGE_ENV_PREFIX'],
    key: 'store.prefix',
    description: 'What names of environment variables begin with.',
  }),
  file: optional(validators.path(), {
    flag: 'file',
    env: ['DRAWBRIDGE_VALUES_PATH'],
    key: 'store.file',
    description: 'File with values, YAML or JSON; by default what is below config in drawbridge.yaml.',
  }),
  definitions: optional(validators.path(), {
    flag: 'definitions',
    env: ['DRAWBRIDGE_DEFINITIONS'],
    key: 'store.definitions',
    description: 'Module that exports definitions made with defineConfig.',
  }),
  freshMs: withDefault(validators.duration(), 900_000, {
    env: ['DRAWBRIDGE_STORE_FRESH'],
    key: 'store.fresh',
    description: 'How long a value from OpenBao is used without asking.',
  }),
  maxAgeMs: withDefault(validators.duration(), 86_400_000, {
    env: ['DRAWBRIDGE_STORE_MAX_AGE'],
    key: 'store.maxAge',
    description: 'How old a value may be while OpenBao cannot be asked.',
  }),
};

const database = {
  env: ['DATABASE_URL'],
  key: 'database.url',
  description: 'PostgreSQL of the directory.',
};

/** The directory's database, for commands that also do without. */
export const optionalDatabaseSettings = { url: optional(validators.secret(), database) };

/** What `drawbridge serve` runs on. */
export const serveSettings = {
  database: required(validators.secret(), database),
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
  callsPerSecond: optional(validators.integer({ min: 1, max: 10_000 }), {
    flag: 'calls-per-second',
    env: ['ZITADEL_CALLS_PER_SECOND'],
    key: 'zitadel.callsPerSecond',
    description: 'Most calls to Zitadel. Default 20 on zitadel.cloud, which bans who is too fast; else any.',
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
