import { readText } from '@drawbridge/kit';
import type { Kube } from './kube.ts';

/** Which lines of which container. */
export interface PodLogsOptions {
  readonly namespace: string;
  readonly pod: string;
  /** Needed where the pod has several. */
  readonly container?: string;
  /** From the end. Default 200. */
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** Of the container's last life, before it was started again. Default false. */
  readonly previous?: boolean;
  /** Default one of 10 seconds. */
  readonly signal?: AbortSignal;
}

/** Enough for some hundred lines; the server cuts at it. */
const largestLog = 1024 * 1024;

/**
 * The last lines of a container's log. They are what a foreign program wrote: they may hold what nobody should see.
 *
 * @throws {DrawbridgeError} `kubernetes_not_found`, `kubernetes_invalid` where the container has not been started or is not named, and
 *   what calls throw
 * @example
 * ```ts
 * import { openKube, podLogs } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * console.log(await podLogs(kube, { namespace: 'zitadel', pod: 'zitadel-init-x7k2p', tailLines: 20 }));
 * await kube.close();
 * ```
 */
export async function podLogs(kube: Kube, options: PodLogsOptions): Promise<string> {
  const { namespace, pod, container, tailLines = 200, sinceSeconds, previous = false } = options;
  const response = await kube.cluster.read(
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    {
      query: {
        container,
        tailLines: String(tailLines),
        sinceSeconds: sinceSeconds?.toString(),
        previous: previous ? 'true' : undefined,
        limitBytes: String(largestLog),
      },
      signal: options.signal ?? AbortSignal.timeout(10_000),
    },
  );
  return await readText(response);
}
