import {
  type Clock,
  createHttpServer,
  type HttpClient,
  type HttpServer,
  type Logger,
  type Metrics,
  type TlsFiles,
} from '@drawbridge/kit';
import { createVerifier, type IntrospectionClient, type RevocationFeed } from '@drawbridge/zitadel';
import type { AudienceMap } from './audiences.ts';
import type { UserMapping } from './identity.ts';
import { createTokenReviewer } from './reviewer.ts';
import { addTokenReviewRoute } from './route.ts';

/** Whose tokens are reviewed, and where. */
export interface TokenReviewWebhookOptions {
  readonly issuer: string;
  /** The application that introspects, of the project whose roles become groups. */
  readonly client: IntrospectionClient;
  /** What reaches the issuer. It is not closed with the webhook. */
  readonly http: Pick<HttpClient, 'fetch'>;
  readonly audiences: AudienceMap;
  readonly mapping?: UserMapping;
  /** How long an acceptance may be old, in milliseconds. Default 30,000. */
  readonly ttlMs?: number;
  /** Without it every acceptance is introspected within the TTL. */
  readonly revocations?: RevocationFeed;
  /** Takes a plain-http issuer that is not loopback. Default false. */
  readonly allowInsecure?: boolean;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  /** With client authorities among the files, callers need a certificate of theirs; probes do not. */
  readonly tls?: TlsFiles;
  /** A second server with nothing but probes and metrics, on plain http. */
  readonly metricsServer?: { readonly host: string; readonly port: number };
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
}

/** A running webhook. */
export interface TokenReviewWebhook {
  /** Origin of the webhook, once started. */
  readonly url: string;
  /** Origin of the second server, once started. */
  readonly metricsUrl: string | undefined;
  /** @throws {DrawbridgeError} `address_in_use`, `invalid_settings` */
  start(): Promise<void>;
  /** Finishes the reviews at hand. */
  stop(): Promise<void>;
}

/** Go's clients keep connections for 90 s: one that we close first is an error at the next review. */
const idleMs = 120_000;
const jsonDepth = 16;
/** No token, but something that only an application Zitadel accepts is told so about. */
const probeToken = 'readiness';

/**
 * Makes the webhook that kube-apiserver asks about bearer tokens. It is ready once Zitadel has accepted the introspecting
 * application; a later outage is for each review to tell, and takes no replica out of service.
 *
 * @throws {DrawbridgeError} `invalid_settings`, `insecure_url`
 * @see Kubernetes, "Webhook Token Authentication"
 * @example
 * ```ts
 * import { createHttpClient } from '@drawbridge/kit';
 * import { createTokenReviewWebhook, parseAudienceMap } from '@drawbridge/kubernetes';
 * import { loadApplicationKey } from '@drawbridge/zitadel';
 *
 * const webhook = await createTokenReviewWebhook({
 *   issuer: 'https://sso.acme.example',
 *   client: await loadApplicationKey('/etc/drawbridge/application.json'),
 *   http: createHttpClient(),
 *   audiences: parseAudienceMap(['322011']),
 *   port: 9443,
 *   tls: { certFile: '/tls/tls.crt', keyFile: '/tls/tls.key' },
 * });
 * await webhook.start();
 * ```
 */
export async function createTokenReviewWebhook(
  options: TokenReviewWebhookOptions,
): Promise<TokenReviewWebhook> {
  const { issuer, client, http, audiences, tls, metricsServer } = options;
  const { logger, metrics, clock, ttlMs, revocations, allowInsecure, host, mapping } = options;
  const seams = {
    ...(logger ? { logger } : {}),
    ...(metrics ? { metrics } : {}),
    ...(clock ? { clock } : {}),
  };
  const verifier = createVerifier({
    issuer,
    audience: [...audiences.keys()],
    client,
    http,
    ...(clock ? { clock } : {}),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(revocations ? { revocations } : {}),
    ...(allowInsecure === undefined ? {} : { allowInsecure }),
  });
  const reviewer = createTokenReviewer({ verifier, audiences, ...seams, ...(mapping ? { mapping } : {}) });
  let accepted = false;
  const checks = {
    zitadel: async (signal: AbortSignal) => {
      if (accepted) return;
      await verifier.verify(probeToken, { signal, priority: 'low' });
      accepted = true;
    },
  };
  const server = await createHttpServer({
    name: 'authn-webhook',
    port: options.port,
    limits: { idleMs, jsonDepth },
    checks,
    ...seams,
    ...(host === undefined ? {} : { host }),
    ...(tls ? { tls } : {}),
  });
  await addTokenReviewRoute(server, {
    reviewer,
    clientCertificateRequired: tls?.clientCaFile !== undefined,
    ...(logger ? { logger } : {}),
  });
  const second =
    metricsServer &&
    (await createHttpServer({ name: 'authn-webhook-metrics', checks, ...metricsServer, ...seams }));
  const servers: readonly HttpServer[] = second ? [second, server] : [server];
  const stop = async () => {
    await Promise.all(servers.map((one) => one.stop()));
  };
  return {
    get url() {
      return server.url;
    },
    get metricsUrl() {
      return second?.url;
    },
    async start() {
      try {
        for (const one of servers) await one.start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}
