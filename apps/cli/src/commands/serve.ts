import { openDirectory } from '@drawbridge/directory';
import { createMetrics, DrawbridgeError, onShutdown } from '@drawbridge/kit';
import { builtConsole } from '../console-folder.ts';
import type { Context } from '../context.ts';
import { serveSettings, settingsOf } from '../settings/index.ts';

/** Longer than requests and jobs under way are given. */
const drainMs = 30_000;

/** `drawbridge serve`: the directory on PostgreSQL, until it is stopped. */
export async function serve(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { apiOnly = false, workersOnly = false } = flags as { apiOnly?: boolean; workersOnly?: boolean };
  if (apiOnly && workersOnly)
    throw new DrawbridgeError('usage', { message: '--api-only and --workers-only leave nothing to do.' });
  const { values } = await settingsOf(serveSettings, context, flags);
  const { tlsCert: certFile, tlsKey: keyFile } = values;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new DrawbridgeError('usage', { message: '--tls-cert and --tls-key go together.' });
  const logger = context.logger(values.logLevel);
  const consoleFolder = values.console ?? builtConsole();
  const directory = await openDirectory({
    database: { url: values.database },
    host: values.host,
    port: values.port,
    serve: !workersOnly,
    work: !apiOnly,
    trustedProxies: values.trustedProxies,
    allowInsecure: values.allowInsecure,
    events: values.eventsUrl === undefined ? {} : { url: values.eventsUrl },
    env: context.env,
    logger,
    metrics: await createMetrics(),
    ...(values.callsPerSecond === undefined ? {} : { callsPerSecond: values.callsPerSecond }),
    ...(values.publicUrl === undefined ? {} : { publicUrl: values.publicUrl }),
    ...(consoleFolder === undefined ? {} : { consoleFolder }),
    ...(certFile !== undefined && keyFile !== undefined ? { tls: { certFile, keyFile } } : {}),
  });
  const stopped = Promise.withResolvers<void>();
  const forget = onShutdown(
    async () => {
      await directory.stop();
      stopped.resolve();
    },
    { drainMs, logger },
  );
  try {
    await directory.start();
  } catch (error) {
    forget();
    await directory.stop();
    throw error;
  }
  const parts = workersOnly ? 'workers' : apiOnly ? 'api' : 'api and workers';
  logger.info({ component: 'serve', url: directory.url, part: parts }, 'ready');
  context.terminal.event('ready', { url: directory.url, parts });
  await stopped.promise;
}
