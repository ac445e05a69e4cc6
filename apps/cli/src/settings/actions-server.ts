import { optional, validators, withDefault } from '@drawbridge/kit';
import { connectionSettings, optionalDatabaseSettings, serveSettings } from './tables.ts';

/** What `drawbridge actions-server` runs on. */
export const actionsServerSettings = {
  database: optionalDatabaseSettings.url,
  addr: optional(validators.text(), {
    flag: 'addr',
    env: ['DRAWBRIDGE_ACTIONS_ADDR'],
    key: 'actionsServer.addr',
    description: 'Address to listen on, such as :8082.',
  }),
  certFile: optional(validators.path(), {
    flag: 'cert-file',
    key: 'actionsServer.tls.cert',
    description: 'Certificate with its intermediates, PEM.',
  }),
  keyFile: optional(validators.path(), {
    flag: 'key-file',
    key: 'actionsServer.tls.key',
    description: 'Key of the certificate, PEM.',
  }),
  signingKeys: withDefault(validators.list(validators.secret()), [], {
    flag: 'signing-key',
    env: ['DRAWBRIDGE_SIGNING_KEYS'],
    description: 'Signing keys of the targets.',
  }),
  signingKeyFile: optional(validators.path(), {
    flag: 'signing-key-file',
    env: ['DRAWBRIDGE_SIGNING_KEY_PATH'],
    key: 'actionsServer.signingKeyFile',
    description: 'File with signing keys, one a line; read again when they change.',
  }),
  unsigned: withDefault(validators.boolean(), false, {
    flag: 'disable-signature-validation',
    description: 'Take unsigned calls, on loopback alone.',
  }),
  kubeconfig: optional(validators.path(), {
    flag: 'kubeconfig',
    env: ['DRAWBRIDGE_KUBECONFIG'],
    key: 'actionsServer.kubeconfig',
    description: 'The cluster with the User objects; the pod, KUBECONFIG or ~/.kube/config by default.',
  }),
  context: optional(validators.text(), {
    flag: 'context',
    key: 'actionsServer.context',
    description: 'Context of the kubeconfig.',
  }),
  withoutCluster: withDefault(validators.boolean(), false, {
    flag: 'without-cluster',
    key: 'actionsServer.withoutCluster',
    description: 'Make no User objects: tokens and revocations alone.',
  }),
  createOn: withDefault(validators.oneOf('registered', 'added', 'both'), 'both', {
    flag: 'create-on',
    env: ['DRAWBRIDGE_CREATE_ON'],
    key: 'actionsServer.createOn',
    description:
      "Which users get a User object: those who registered in Zitadel's own pages, those added, or both.",
  }),
  identityProviders: withDefault(validators.list(validators.text()), [], {
    flag: 'identity-provider',
    env: ['DRAWBRIDGE_IDENTITY_PROVIDERS'],
    key: 'actionsServer.identityProviders',
    description: 'Identity providers by id, as ID=google, ID=github or ID=other.',
  }),
  claims: optional(validators.path(), {
    flag: 'claims',
    env: ['DRAWBRIDGE_CLAIMS_PATH'],
    key: 'actionsServer.claims',
    description: 'Claims policy, YAML or JSON.',
  }),
  issuer: connectionSettings.issuer,
  address: {
    ...connectionSettings.address,
    flag: 'zitadel-api',
  },
  keyPath: { ...connectionSettings.keyPath, flag: 'zitadel-key' },
  instance: optional(validators.text(), {
    flag: 'zitadel-instance',
    env: ['DRAWBRIDGE_INSTANCE'],
    key: 'zitadel.instance',
    description: 'Id of the Zitadel instance, where it cannot be found out.',
  }),
  tokenLifeMs: withDefault(validators.duration({ min: 60_000 }), 12 * 3_600_000, {
    flag: 'token-life',
    env: ['DRAWBRIDGE_TOKEN_LIFE'],
    key: 'actionsServer.tokenLife',
    description: 'The longest life of an access token: as long are revocations kept.',
  }),
  callsPerSecond: serveSettings.callsPerSecond,
  allowInsecure: { ...serveSettings.allowInsecure, key: 'actionsServer.allowInsecure' },
  logLevel: { ...serveSettings.logLevel, key: 'actionsServer.logLevel' },
};
