import { optional, required, validators, withDefault } from '@drawbridge/kit';
import { authnWebhookSettings } from './authn-webhook.ts';
import { connectionSettings, serveSettings } from './tables.ts';

const { host, port, metricsAddress, certDir, certFile, keyFile } = authnWebhookSettings;

/** What `drawbridge relay` runs on. */
export const relaySettings = {
  issuer: required(validators.url(), {
    flag: 'issuer',
    env: ['ZITADEL_ISSUER'],
    key: 'zitadel.issuer',
    description: 'URL that identifies the Zitadel instance.',
  }),
  address: { ...connectionSettings.address, flag: 'zitadel-api' },
  url: required(validators.url(), {
    flag: 'url',
    env: ['DRAWBRIDGE_RELAY_URL'],
    key: 'relay.url',
    description: 'Origin under which relying parties reach the relay.',
  }),
  maxAgeMs: withDefault(validators.duration({ min: 10_000, max: 3_600_000 }), 60_000, {
    flag: 'max-age',
    env: ['DRAWBRIDGE_RELAY_MAX_AGE'],
    key: 'relay.maxAge',
    description: 'How long a copy is fresh at most, whatever the issuer says.',
  }),
  staleMs: withDefault(validators.duration({ max: 7 * 86_400_000 }), 3_600_000, {
    flag: 'stale-if-error',
    env: ['DRAWBRIDGE_RELAY_STALE_IF_ERROR'],
    key: 'relay.staleIfError',
    description: 'How much longer a copy is served while the issuer cannot be read.',
  }),
  host: { ...host, key: 'relay.host' },
  port: withDefault(validators.port(), 8_443, { ...port, key: 'relay.port' }),
  metricsAddress: { ...metricsAddress, key: 'relay.metricsBindAddress' },
  certDir: optional(validators.path(), { ...certDir, key: 'relay.tls.dir' }),
  certFile: { ...certFile, key: 'relay.tls.cert' },
  keyFile: { ...keyFile, key: 'relay.tls.key' },
  allowInsecure: { ...serveSettings.allowInsecure, key: 'relay.allowInsecure' },
  logLevel: { ...serveSettings.logLevel, key: 'relay.logLevel' },
};
