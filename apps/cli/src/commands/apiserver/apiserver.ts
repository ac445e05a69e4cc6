import {
  countOutbound,
  createHttpClient,
  createMetrics,
  DrawbridgeError,
  type Logger,
  type Metrics,
  onShutdown,
} from '@drawbridge/kit';
import {
  type Cluster,
  clusterAuthorizer,
  createCluster,
  createIdentityApi,
  createTokenReviewer,
  loadClusterAccess,
  parseAudienceMap,
  type TokenReviewer,
} from '@drawbridge/kubernetes';
import {
  createVerifier,
  createZitadel,
  defaultBudget,
  loadApplicationKey,
  loadServiceAccount,
  serviceAccountFile,
  type Zitadel,
} from '@drawbridge/zitadel';
import type { Context } from '../../context.ts';
import { apiserverSettings, settingsOf } from '../../settings/index.ts';
import { continueKeyOf } from './continue-key.ts';
import { findTrust } from './trust.ts';

/** Longer than requests under way are given. */
const drainMs = 15_000;

type Values = Awaited<ReturnType<typeof settingsOf<typeof apiserverSettings>>>['values'];

/** `drawbridge apiserver`: the virtual identity API, until it is stopped. */
export async function apiserver(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { values } = await settingsOf(apiserverSettings, context, flags);
  const logger = context.logger(values.logLevel);
  const ending: (() => unknown)[] = [];
  const end = async () => {
    for (const one of ending.toReversed()) await one();
  };
  const stopped = Promise.withResolvers<void>();
  const forget = onShutdown(() => end().then(stopped.resolve), { drainMs, logger });
  try {
    const url = await open(context, values, logger, ending);
    logger.info({ component: 'apiserver', url }, 'ready');
    context.terminal.event('ready', { url, groups: values.groups });
  } catch (error) {
    forget();
    await end();
    throw error;
  }
  await stopped.promise;
}

/** Opens everything. @param ending takes what has to be done at the end, the last first */
async function open(
  { env }: Context,
  values: Values,
  logger: Logger,
  ending: (() => unknown)[],
): Promise<string> {
  const account = await loadServiceAccount(values.keyPath, { logger });
  const metrics = await createMetrics();
  const { issuer, address, allowInsecure, kubeconfig } = values;
  const http = createHttpClient({
    onCall: countOutbound(metrics),
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  ending.push(() => http.close());
  const budget = defaultBudget(issuer, { perSecond: values.callsPerSecond });
  const zitadel = createZitadel({
    issuer,
    credentials: serviceAccountFile(values.keyPath),
    allowInsecure,
    http,
    logger,
    metrics,
    ...(budget ? { budget } : {}),
  });
  ending.push(() => zitadel.close());

  let cluster: Cluster | undefined;
  if (kubeconfig !== undefined || env.KUBERNETES_SERVICE_HOST) {
    cluster = createCluster({
      access: await loadClusterAccess({ env, ...(kubeconfig === undefined ? {} : { kubeconfig }) }),
    });
    ending.push(() => cluster?.close());
  }
  const authorizer = cluster && clusterAuthorizer(cluster);
  if (authorizer) ending.push(() => authorizer.close());
  const trust = await findTrust(values, cluster, logger);
  ending.push(() => trust.stop());
  const tokens = await reviewerOf(values, zitadel, logger, metrics);
  if (trust.frontProxy === undefined && tokens === undefined) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'Nobody could call this server: no front proxy is known, and tokens are not taken.',
      fix: 'Run it in a cluster, or give --kubeconfig, --requestheader-client-ca-file or --audience.',
    });
  }
  const { keyLifeMs, mostKeyLifeMs, introspectionProjectId, organizationId, impersonationFallback } = values;
  if (keyLifeMs > mostKeyLifeMs)
    logger.warn(
      { component: 'apiserver', code: 'max-key-expiration' },
      'keys live no longer than the maximum',
    );
  const api = await createIdentityApi({
    zitadel,
    groups: values.groups,
    uidFromUsername: values.uidFromUsername,
    continueKey: continueKeyOf(account),
    serviceAccountKeys: {
      defaultLifeMs: keyLifeMs,
      mostLifeMs: mostKeyLifeMs,
      impersonationFallback,
      ...(introspectionProjectId === undefined ? {} : { introspectionProjectId }),
      ...(organizationId === undefined ? {} : { organizationId }),
    },
    host: values.host,
    port: values.port,
    tls: { certFile: values.certFile, keyFile: values.keyFile, ...trust.tls },
    ...(trust.frontProxy ? { frontProxy: trust.frontProxy } : {}),
    ...(tokens ? { tokens } : {}),
    ...(authorizer ? { subjectAccess: authorizer.subjectAccess } : {}),
    logger,
    metrics,
  });
  ending.push(() => api.stop());
  await api.start();
  return api.url;
}

/** What tells whose tokens are, where they are taken at all. */
async function reviewerOf(
  values: Values,
  zitadel: Zitadel,
  logger: Logger,
  metrics: Metrics,
): Promise<TokenReviewer | undefined> {
  const { audiences, applicationKeyPath, usernamePrefix, username, groupsPrefix, roleOrganizations } = values;
  if (audiences.length === 0 && applicationKeyPath === undefined) return undefined;
  if (applicationKeyPath === undefined) {
    const message = '--audience takes --zitadel-application-key, which asks about tokens.';
    throw new DrawbridgeError('invalid_settings', { message });
  }
  const map = parseAudienceMap(audiences);
  const { issuer, allowInsecure, ttlMs } = values;
  const client = await loadApplicationKey(applicationKeyPath, { logger });
  return createTokenReviewer({
    verifier: createVerifier({
      issuer,
      audience: [...map.keys()],
      client,
      http: zitadel,
      allowInsecure,
      ttlMs,
    }),
    audiences: map,
    mapping: {
      username,
      groupsPrefix,
      roleOrganizations,
      ...(usernamePrefix === undefined ? {} : { usernamePrefix }),
    },
    logger,
    metrics,
  });
}
