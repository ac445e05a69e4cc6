import { resolve } from 'node:path';
import {
  countOutbound,
  createHttpClient,
  createMetrics,
  DrawbridgeError,
  type Logger,
  onShutdown,
  type SettingValues,
} from '@drawbridge/kit';
import { createRevocationReader, createTokenReviewWebhook, parseAudienceMap } from '@drawbridge/kubernetes';
import { defaultBudget, loadApplicationKey } from '@drawbridge/zitadel';
import { metricsAddressOf } from '../bind-address.ts';
import type { Context } from '../context.ts';
import { authnWebhookSettings, settingsOf } from '../settings/index.ts';

/** Longer than reviews under way are given. */
const drainMs = 15_000;

/** `drawbridge authn-webhook`: the TokenReview webhook, until it is stopped. */
export async function authnWebhook(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  // As the Go provider names it.
  const { webhookPort, ...own } = flags;
  const given = webhookPort === undefined ? own : { port: webhookPort, ...own };
  const { values } = await settingsOf(authnWebhookSettings, context, given);
  const audiences = parseAudienceMap(values.audiences);
  if (values.domain !== undefined && flags.issuer !== undefined)
    throw new DrawbridgeError('usage', { message: '--zitadel-domain and --issuer say the same; give one.' });
  // A flag comes before the environment, where an issuer may stand.
  const issuer = values.domain === undefined ? values.issuer : issuerOf(values.domain);
  if (issuer === undefined)
    throw new DrawbridgeError('usage', { message: 'No Zitadel is set: --zitadel-domain or --issuer.' });
  const metricsServer = metricsAddressOf(values.metricsAddress);
  const logger = context.logger(values.logLevel);
  const client = await loadApplicationKey(values.keyPath, { logger });
  for (const ignored of ['jwtExpiration', 'jwtRefreshBefore'].filter((name) => flags[name] !== undefined))
    logger.warn({ component: 'authn-webhook', code: ignored }, 'a flag without effect was given');

  const metrics = await createMetrics();
  const budget = defaultBudget(issuer, { perSecond: values.callsPerSecond });
  const http = createHttpClient({
    onCall: countOutbound(metrics),
    ...(values.address === undefined ? {} : { addresses: { [issuer]: values.address } }),
    ...(budget ? { budget } : {}),
  });
  const { username, usernamePrefix, groupsPrefix, roleOrganizations } = values;
  const revocations = await openRevocations(values, logger);
  const webhook = await createTokenReviewWebhook({
    issuer,
    client,
    http,
    audiences,
    mapping: {
      username,
      groupsPrefix,
      roleOrganizations,
      ...(usernamePrefix === undefined ? {} : { usernamePrefix }),
    },
    ttlMs: values.ttlMs,
    ...(revocations ? { revocations: revocations.feed } : {}),
    allowInsecure: values.allowInsecure,
    host: values.host,
    port: values.port,
    tls: {
      certFile: resolve(values.certDir, values.certFile),
      keyFile: resolve(values.certDir, values.keyFile),
      ...(values.clientCaFile === undefined ? {} : { clientCaFile: values.clientCaFile }),
    },
    ...(metricsServer ? { metricsServer } : {}),
    logger,
    metrics,
  });
  const stop = async () => {
    await webhook.stop();
    await revocations?.stop();
    await http.close();
  };
  const stopped = Promise.withResolvers<void>();
  const forget = onShutdown(() => stop().then(stopped.resolve), { drainMs, logger });
  try {
    revocations?.feed.start();
    await webhook.start();
  } catch (error) {
    forget();
    await stop();
    throw error;
  }
  const { url, metricsUrl } = webhook;
  logger.info({ component: 'authn-webhook', url }, 'ready');
  context.terminal.event('ready', { url, ...(metricsUrl === undefined ? {} : { metrics: metricsUrl }) });
  await stopped.promise;
}

/** The issuer that a domain stands for; a URL is taken as it is. */
function issuerOf(domain: string): string {
  return domain.includes('://') ? domain : `https://${domain}`;
}

/** What an actions server or a directory writes into the database. Its tables are theirs: none is made here. */
async function openRevocations(
  { database: url, instance, tokenLifeMs }: SettingValues<typeof authnWebhookSettings>,
  logger: Logger,
) {
  if (!url) return undefined;
  const { openDatabase } = await import('@drawbridge/directory');
  const database = await openDatabase({ url });
  const feed = createRevocationReader({
    database,
    tokenLifeMs,
    logger,
    ...(instance === undefined ? {} : { instance }),
  });
  return {
    feed,
    async stop() {
      await feed.stop();
      await database.close();
    },
  };
}
