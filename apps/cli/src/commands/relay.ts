import { resolve } from 'node:path';
import { countOutbound, createHttpClient, createMetrics, onShutdown } from '@drawbridge/kit';
import { createRelay } from '@drawbridge/stack';
import { metricsAddressOf } from '../bind-address.ts';
import type { Context } from '../context.ts';
import { relaySettings, settingsOf } from '../settings/index.ts';

/** Longer than requests under way are given. */
const drainMs = 15_000;
/** Of either document; Zitadel's are a few kilobytes. */
const largestBytes = 1024 * 1024;

/** `drawbridge relay`: an issuer's discovery document and keys on an inside address, until it is stopped. */
export async function relay(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { values } = await settingsOf(relaySettings, context, flags);
  const { issuer, address, certDir } = values;
  const metricsServer = metricsAddressOf(values.metricsAddress);
  const logger = context.logger(values.logLevel);
  const metrics = await createMetrics();
  const http = createHttpClient({
    timeoutMs: 5_000,
    maxResponseBytes: largestBytes,
    onCall: countOutbound(metrics),
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  const server = await createRelay({
    issuer,
    url: values.url,
    http,
    maxAgeMs: values.maxAgeMs,
    staleMs: values.staleMs,
    allowInsecure: values.allowInsecure,
    host: values.host,
    port: values.port,
    ...(certDir === undefined
      ? {}
      : { tls: { certFile: resolve(certDir, values.certFile), keyFile: resolve(certDir, values.keyFile) } }),
    ...(metricsServer ? { metricsServer } : {}),
    logger,
    metrics,
  });
  const stop = async () => {
    await server.stop();
    await http.close();
  };
  const stopped = Promise.withResolvers<void>();
  const forget = onShutdown(() => stop().then(stopped.resolve), { drainMs, logger });
  try {
    await server.start();
  } catch (error) {
    forget();
    await stop();
    throw error;
  }
  const { listensAt, metricsUrl, discoveryUrl, keysUrl } = server;
  logger.info({ component: 'relay', url: listensAt }, 'ready');
  context.terminal.event('ready', {
    url: listensAt,
    issuer,
    discovery: discoveryUrl,
    keys: keysUrl,
    ...(metricsUrl === undefined ? {} : { metrics: metricsUrl }),
  });
  await stopped.promise;
}
