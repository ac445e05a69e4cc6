import { join } from 'node:path';
import { openDatabase } from '@drawbridge/directory';
import {
  countOutbound,
  createHttpClient,
  createMetrics,
  DrawbridgeError,
  type Logger,
  type Metrics,
  onShutdown,
  paths,
  type SettingValues,
} from '@drawbridge/kit';
import {
  type Cluster,
  createActionsServer,
  createCluster,
  loadClusterAccess,
  openClaimsPolicy,
  openKeyRing,
  parseProviderNames,
} from '@drawbridge/kubernetes';
import { createZitadel, defaultBudget, serviceAccountFile } from '@drawbridge/zitadel';
import { type BindAddress, parseBindAddress } from '../bind-address.ts';
import type { Context } from '../context.ts';
import { actionsServerSettings, settingsOf } from '../settings/index.ts';

type Values = SettingValues<typeof actionsServerSettings>;

/** Longer than calls and effects under way are given. */
const drainMs = 30_000;

/** `drawbridge actions-server`: what Zitadel's actions call, until it is stopped. */
export async function actionsServer(
  context: Context,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { values } = await settingsOf(actionsServerSettings, context, flags);
  const { certFile, keyFile, unsigned, issuer } = values;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new DrawbridgeError('usage', { message: '--cert-file and --key-file go together.' });
  if (values.keyPath !== undefined && issuer === undefined)
    throw new DrawbridgeError('usage', {
      message: '--zitadel-key needs the issuer: --issuer or ZITADEL_ISSUER.',
    });
  const { host, port } = addressOf(values);
  const identityProviders = parseProviderNames(values.identityProviders);
  const logger = context.logger(values.logLevel);
  if (flags.signingKey !== undefined)
    logger.warn(
      { component: 'actions-server', code: 'signing-key' },
      'a signing key on the command line is seen by every process of this machine; use a file or DRAWBRIDGE_SIGNING_KEYS',
    );
  if (flags.disableHttp2 !== undefined)
    logger.warn({ component: 'actions-server', code: 'disable-http2' }, 'a flag without effect was given');
  const { signingKeys, signingKeyFile } = values;
  const keys = unsigned
    ? undefined
    : await openKeyRing({
        keys: signingKeys,
        logger,
        ...(signingKeyFile === undefined ? {} : { file: signingKeyFile }),
      });
  const metrics = await createMetrics();
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).toReversed()) await one();
  };
  try {
    const policy =
      values.claims === undefined ? undefined : await openClaimsPolicy({ path: values.claims, logger });
    const cluster = values.withoutCluster ? undefined : await openCluster(values, context, metrics, logger);
    if (cluster) closing.push(() => cluster.close());
    const zitadel = openZitadel(values, metrics, logger);
    closing.push(zitadel.close);
    const folder = join(context.flags.dataDir ?? paths({ env: context.env }).data, 'actions-server');
    const database = await openDatabase(values.database ? { url: values.database } : { folder });
    closing.push(() => database.close());
    await database.migrate();
    const server = await createActionsServer({
      database,
      identityProviders,
      createOn: createdOn[values.createOn],
      tokenLifeMs: values.tokenLifeMs,
      host,
      port,
      logger,
      metrics,
      ...zitadel.options,
      ...(keys ? { keys } : {}),
      ...(cluster ? { cluster } : {}),
      ...(policy ? { policy } : {}),
      ...(values.instance === undefined ? {} : { instance: values.instance }),
      ...(certFile !== undefined && keyFile !== undefined ? { tls: { certFile, keyFile } } : {}),
    });
    closing.push(() => server.stop());
    const stopped = Promise.withResolvers<void>();
    const forget = onShutdown(() => close().then(stopped.resolve), { drainMs, logger });
    try {
      await server.start();
    } catch (error) {
      forget();
      throw error;
    }
    logger.info({ component: 'actions-server', url: server.url }, 'ready');
    context.terminal.event('ready', { url: server.url, database: database.kind });
    await stopped.promise;
  } catch (error) {
    await close();
    throw error;
  }
}

const createdOn = {
  registered: ['user.human.selfregistered'],
  added: ['user.human.added'],
  both: ['user.human.selfregistered', 'user.human.added'],
} as const;

/** Without a word about it, a server that looks at no signatures stays on this machine. */
function addressOf({ addr, unsigned }: Values): BindAddress {
  return parseBindAddress(addr ?? (unsigned ? '127.0.0.1:8082' : ':8082'), 'addr');
}

async function openCluster(
  { kubeconfig, context }: Values,
  { env }: Context,
  metrics: Metrics,
  logger: Logger,
): Promise<Cluster> {
  const access = await loadClusterAccess({
    env,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  return createCluster({ access, logger, onCall: countOutbound(metrics) });
}

/** What reaches Zitadel, as far as there is need: keys of packed bodies by the issuer alone, events and providers with an account. */
function openZitadel(values: Values, metrics: Metrics, logger: Logger) {
  const { issuer, address, keyPath, allowInsecure, callsPerSecond } = values;
  if (issuer === undefined) return { options: {}, close: async () => undefined };
  const budget = defaultBudget(issuer, { perSecond: callsPerSecond });
  const http = createHttpClient({
    onCall: countOutbound(metrics),
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
    ...(budget ? { budget } : {}),
  });
  const zitadel =
    keyPath === undefined
      ? undefined
      : createZitadel({
          issuer,
          credentials: serviceAccountFile(keyPath),
          http,
          allowInsecure,
          logger,
          metrics,
        });
  return {
    options: { packed: { issuer, http }, ...(zitadel ? { zitadel } : {}) },
    close: async () => {
      await zitadel?.close();
      await http.close();
    },
  };
}
