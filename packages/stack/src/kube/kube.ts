import { type Clock, createBreaker, type Logger, systemClock } from '@drawbridge/kit';
import { type Cluster, type ClusterAccess, createCluster, loadClusterAccess } from '@drawbridge/kubernetes';

/** Which cluster, and how it is called. */
export interface KubeOptions {
  /** Path of a kubeconfig. Default the pod's service account inside a cluster, else `KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Default the kubeconfig's current one. */
  readonly context?: string;
  /** Ends the first call. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A cluster that answered. Everything else here takes it. */
export interface Kube {
  readonly cluster: Cluster;
  /** Credentials, for what goes over WebSockets. */
  readonly access: ClusterAccess;
  /** Name of the kubeconfig's context. */
  readonly context: string;
  /** URL of kube-apiserver. */
  readonly server: string;
  readonly clock: Clock;
  /**
   * Another client of the same cluster, which shares no connection and no paused calls with the others; it is closed on its own. No
   * client here keeps what a server said of its kinds, so that a kind is found as soon as it is served.
   */
  fresh(): Cluster;
  close(): Promise<void>;
}

/**
 * Opens a cluster by its kubeconfig, and proves that it answers.
 *
 * @throws {DrawbridgeError} `invalid_kubeconfig`, `insecure_url`, `unreachable`, `timeout`, `untrusted_certificate`, `canceled`,
 *   `kubernetes_unauthenticated`
 * @example
 * ```ts
 * import { openKube, waitForPodReady } from '@drawbridge/stack';
 *
 * const kube = await openKube({ context: 'k3d-drawbridge' });
 * try {
 *   await waitForPodReady(kube, { namespace: 'openbao', name: 'openbao-0', phase: 'Running', onWaiting: console.log });
 * } finally {
 *   await kube.close();
 * }
 * ```
 */
export async function openKube(options: KubeOptions = {}): Promise<Kube> {
  const { kubeconfig, context, signal, logger, clock = systemClock } = options;
  const access = await loadClusterAccess({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const fresh = () =>
    createCluster({
      access,
      clock,
      // A webhook may take 10 seconds until kube-apiserver says that it did not answer.
      timeoutMs: 15_000,
      totalMs: 45_000,
      ...(logger ? { logger } : {}),
      // A cluster that is only coming up fails many times in a row, and somebody waits for it: calls are never paused for long.
      breaker: createBreaker({ name: access.server, failures: 20, openMs: 1_000 }),
    });
  const cluster = fresh();
  try {
    await cluster.ping(signal ? { signal } : {});
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return {
    cluster,
    access,
    context: access.context ?? '',
    server: access.server,
    clock,
    fresh,
    close: () => cluster.close(),
  };
}
