import { optional, required, validators, withDefault } from '@drawbridge/kit';
import { authnWebhookSettings } from './authn-webhook.ts';
import { serveSettings } from './tables.ts';

const texts = validators.list(validators.text());

/** What `drawbridge apiserver` runs on. Flags and variables are those of the Go provider where it has them. */
export const apiserverSettings = {
  issuer: required(validators.url(), {
    flag: 'zitadel-issuer',
    env: ['ZITADEL_ISSUER'],
    key: 'zitadel.issuer',
    description: 'URL that identifies the Zitadel instance.',
  }),
  address: authnWebhookSettings.address,
  keyPath: required(validators.path(), {
    flag: 'zitadel-key',
    env: ['ZITADEL_KEY_PATH'],
    key: 'zitadel.key',
    description: 'Service-account key file that Zitadel is asked with.',
  }),
  host: withDefault(validators.text(), '0.0.0.0', {
    flag: 'host',
    env: ['DRAWBRIDGE_HOST'],
    key: 'apiserver.host',
    description: 'Address to listen on.',
  }),
  port: withDefault(validators.port(), 8_443, {
    flag: 'secure-port',
    env: ['DRAWBRIDGE_PORT'],
    key: 'apiserver.port',
    description: 'Port to listen on.',
  }),
  certFile: required(validators.path(), {
    flag: 'tls-cert-file',
    env: ['DRAWBRIDGE_TLS_CERT'],
    key: 'apiserver.tls.cert',
    description: 'Certificate with its intermediates, PEM.',
  }),
  keyFile: required(validators.path(), {
    flag: 'tls-private-key-file',
    env: ['DRAWBRIDGE_TLS_KEY'],
    key: 'apiserver.tls.key',
    description: 'Key of the certificate, PEM.',
  }),
  kubeconfig: optional(validators.path(), {
    flag: 'kubeconfig',
    env: ['DRAWBRIDGE_KUBECONFIG'],
    key: 'apiserver.kubeconfig',
    description: 'Cluster whose authorizers are asked. By default the one that this runs in.',
  }),
  clientCaFile: optional(validators.path(), {
    flag: 'requestheader-client-ca-file',
    env: ['REQUESTHEADER_CLIENT_CA_FILE'],
    key: 'apiserver.requestheader.clientCa',
    description:
      "Authorities of the front proxy's certificate, PEM. By default those that the cluster names.",
  }),
  allowedNames: withDefault(texts, [], {
    flag: 'requestheader-allowed-names',
    env: ['REQUESTHEADER_ALLOWED_NAMES'],
    key: 'apiserver.requestheader.allowedNames',
    description: "Common names of the front proxy's certificate.",
  }),
  usernameHeaders: withDefault(texts, [], {
    flag: 'requestheader-username-headers',
    env: ['REQUESTHEADER_USERNAME_HEADERS'],
    key: 'apiserver.requestheader.usernameHeaders',
    description: 'Headers with the user name.',
  }),
  uidHeaders: withDefault(texts, [], {
    flag: 'requestheader-uid-headers',
    env: ['REQUESTHEADER_UID_HEADERS'],
    key: 'apiserver.requestheader.uidHeaders',
    description: 'Headers with the user id.',
  }),
  groupHeaders: withDefault(texts, [], {
    flag: 'requestheader-group-headers',
    env: ['REQUESTHEADER_GROUP_HEADERS'],
    key: 'apiserver.requestheader.groupHeaders',
    description: 'Headers with the groups.',
  }),
  extraPrefixes: withDefault(texts, [], {
    flag: 'requestheader-extra-headers-prefix',
    env: ['REQUESTHEADER_EXTRA_HEADERS_PREFIX'],
    key: 'apiserver.requestheader.extraHeadersPrefix',
    description: 'Beginnings of headers with extras.',
  }),
  uidFromUsername: withDefault(validators.boolean(), false, {
    flag: 'uid-from-username',
    env: ['DRAWBRIDGE_UID_FROM_USERNAME'],
    key: 'apiserver.uidFromUsername',
    description: 'Take the user name for the user id, for clusters before 1.33.',
  }),
  groups: withDefault(
    validators.list(validators.oneOf('identity.milo.io', 'identity.miloapis.com')),
    ['identity.milo.io', 'identity.miloapis.com'],
    {
      flag: 'identity-groups',
      env: ['DRAWBRIDGE_IDENTITY_GROUPS'],
      key: 'apiserver.identityGroups',
      description: 'API groups to serve, the preferred first.',
    },
  ),
  keyLifeMs: withDefault(validators.duration({ min: 1_000 }), 90 * 86_400_000, {
    flag: 'zitadel-default-machine-key-expiration',
    env: ['DRAWBRIDGE_KEY_EXPIRATION'],
    key: 'apiserver.keys.expiration',
    description: 'How long keys of service accounts live where nothing else is asked for.',
  }),
  mostKeyLifeMs: withDefault(validators.duration({ min: 1_000 }), 365 * 86_400_000, {
    flag: 'max-key-expiration',
    env: ['DRAWBRIDGE_MAX_KEY_EXPIRATION'],
    key: 'apiserver.keys.maxExpiration',
    description: 'How long they may live at most.',
  }),
  introspectionProjectId: optional(validators.text(), {
    flag: 'zitadel-introspection-project-id',
    env: ['DRAWBRIDGE_INTROSPECTION_PROJECT_ID'],
    key: 'apiserver.keys.introspectionProject',
    description: 'Project that tokens of such keys have to be for.',
  }),
  organizationId: optional(validators.text(), {
    flag: 'service-account-organization',
    env: ['DRAWBRIDGE_SERVICE_ACCOUNT_ORGANIZATION'],
    key: 'apiserver.keys.organization',
    description: 'Organization of service accounts where a request comes through no project.',
  }),
  impersonationFallback: withDefault(validators.boolean(), false, {
    flag: 'enable-impersonation-fallback',
    env: ['DRAWBRIDGE_ENABLE_IMPERSONATION_FALLBACK'],
    key: 'apiserver.enableImpersonationFallback',
    description: 'Take the plain extra `project` for the project, for tests.',
  }),
  audiences: withDefault(texts, [], {
    flag: 'audience',
    env: ['DRAWBRIDGE_AUDIENCES'],
    key: 'apiserver.audiences',
    description: 'Projects or applications that tokens of direct callers have to be for.',
  }),
  applicationKeyPath: optional(validators.path(), {
    flag: 'zitadel-application-key',
    env: ['DRAWBRIDGE_APPLICATION_KEY_PATH'],
    key: 'apiserver.applicationKey',
    description: 'Key file of the API application that introspects tokens of direct callers.',
  }),
  username: { ...authnWebhookSettings.username, key: 'apiserver.username.claim' },
  usernamePrefix: { ...authnWebhookSettings.usernamePrefix, key: 'apiserver.username.prefix' },
  groupsPrefix: { ...authnWebhookSettings.groupsPrefix, key: 'apiserver.groups.prefix' },
  roleOrganizations: { ...authnWebhookSettings.roleOrganizations, key: 'apiserver.groups.roleOrganizations' },
  ttlMs: { ...authnWebhookSettings.ttlMs, key: 'apiserver.ttl' },
  callsPerSecond: serveSettings.callsPerSecond,
  allowInsecure: { ...serveSettings.allowInsecure, key: 'apiserver.allowInsecure' },
  logLevel: { ...serveSettings.logLevel, key: 'apiserver.logLevel' },
};
