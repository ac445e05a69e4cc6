import {
  countOutbound,
  createBreaker,
  createHttpClient,
  createHttpServer,
  createMetrics,
  type HttpServer,
  onShutdown,
} from '@drawbridge/kit';
import { createCluster, createControllers, loadClusterAccess } from '@drawbridge/kubernetes';
import { createZitadel, defaultBudget, serviceAccountFile } from '@drawbridge/zitadel';
import { type BindAddress, parseBindAddress } from '../bind-address.ts';
import type { Context } from '../context.ts';
import { controllerSettings, settingsOf } from '../settings/index.ts';
import { tellWithout, translateFormerFlags } from './former-flags.ts';

/** Longer than an object under way is given to break off. */
const drainMs = 20_000;

/** `drawbridge controller`: the controllers, until they are stopped or another process leads. */
export async function controller(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const former = await translateFormerFlags(flags);
  const { values } = await settingsOf(controllerSettings, context, former.flags);
  const probes = addressOf('health-probe-bind-address', values.probeAddress);
  const metricsAt = addressOf('metrics-bind-address', values.metricsAddress);
  const logger = context.logger(values.logLevel);
  tellWithout(logger, 'controller', former.without);
  const metrics = await createMetrics();
  const { kubeconfig, projectKubeconfig, issuer, address } = values;
  const source = { env: context.env, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  const access = await loadClusterAccess(source);
  const common = { userAgent: 'drawbridge-controller', onCall: countOutbound(metrics), logger };
  const cluster = createCluster({ access, ...common });
  const projectCluster =
    projectKubeconfig === undefined
      ? undefined
      : createCluster({
          access: await loadClusterAccess({ kubeconfig: projectKubeconfig, env: context.env }),
          ...common,
        });
  // Renewals must not be paused because other calls failed, and must not wait behind them.
  const leaseCluster = createCluster({
    access,
    ...common,
    timeoutMs: 5_000,
    totalMs: 8_000,
    breaker: createBreaker({ name: 'the lease', failures: Number.MAX_SAFE_INTEGER }),
  });
  const http = createHttpClient({
    onCall: countOutbound(metrics),
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  const budget = defaultBudget(issuer, { perSecond: values.callsPerSecond });
  const zitadel = createZitadel({
    issuer,
    credentials: serviceAccountFile(values.keyPath),
    http,
    allowInsecure: values.allowInsecure,
    logger,
    metrics,
    ...(budget ? { budget } : {}),
  });
  const { organizationId, introspectionProjectId } = values;
  const controllers = createControllers({
    zitadel,
    cluster,
    mode: values.mode,
    emailSuffix: values.emailSuffix,
    registrationApproval: values.registrationApproval,
    profiles: values.profiles,
    resyncMs: values.resyncMs,
    workers: values.workers,
    keys: {
      maxAgeMs: values.keyMaxAgeMs,
      overlapMs: values.keyOverlapMs,
      lifeMs: 2 * values.keyMaxAgeMs + values.keyOverlapMs,
    },
    lease: {
      cluster: leaseCluster,
      namespace: values.leaseNamespace ?? access.namespace ?? 'default',
      name: values.leaseName,
    },
    logger,
    metrics,
    ...(projectCluster ? { projectCluster } : {}),
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(introspectionProjectId === undefined ? {} : { introspectionProjectId }),
  });
  const { checks } = controllers;
  const servers: HttpServer[] = [];
  for (const [name, at] of [
    ['controller', probes],
    ['controller-metrics', metricsAt],
  ] as const)
    if (at) servers.push(await createHttpServer({ name, ...at, checks, logger, metrics }));

  const stop = new AbortController();
  const ended = Promise.withResolvers<void>();
  const forget = onShutdown(
    async () => {
      stop.abort();
      await ended.promise;
    },
    { drainMs, logger },
  );
  try {
    for (const server of servers) await server.start();
    const [first, second] = servers;
    logger.info({ component: 'controller' }, 'ready');
    context.terminal.event('ready', {
      ...(first ? { url: first.url } : {}),
      ...(second ? { metrics: second.url } : {}),
    });
    await controllers.run(stop.signal);
  } catch (error) {
    forget();
    throw error;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    for (const one of [cluster, leaseCluster, projectCluster, zitadel, http]) await one?.close();
    ended.resolve();
  }
}

/** `0` and nothing stand for none. */
function addressOf(flag: string, text: string | undefined): BindAddress | undefined {
  return text === undefined || text === '0' ? undefined : parseBindAddress(text, flag);
}
