import type { Stored } from '@drawbridge/kubernetes';
import { clusterEvents, type Deployment, deployments, pods } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import { isReady, type Reason, whyNoPod, whyNotReady } from '../reasons/index.ts';
import { explainPod } from './explain-pod.ts';
import { type NamedWait, named } from './named.ts';
import { waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/**
 * Waits until a deployment runs as it was asked for last: all replicas are of its present form, and available.
 *
 * @returns the deployment
 * @throws {DrawbridgeError} at the end of the time `stack_not_ready`, `pod_unschedulable`, `image_unavailable`,
 *   `container_config_invalid`, `pod_crashing` or `pod_refused`; `canceled`
 * @example
 * ```ts
 * import { openKube, waitForDeployment } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * await waitForDeployment(kube, { namespace: 'cnpg-system', name: 'cnpg-cloudnative-pg', timeoutMs: 180_000 });
 * await kube.close();
 * ```
 */
export async function waitForDeployment(kube: Kube, wait: NamedWait): Promise<Stored<Deployment>> {
  const { namespace, name } = wait;
  const followed = watching(kube, deployments, namespace, named(name));
  // Which labels its pods have is known only from itself.
  const around = watching(kube, pods, namespace);
  const events = watching(kube, clusterEvents, namespace, { optional: true });
  const where = `deployment ${namespace}/${name}`;
  const whyNot = (deployment: Deployment): Reason => {
    const now = kube.clock.now();
    const labels = Object.entries(deployment.spec?.selector?.matchLabels ?? {});
    const own = around
      .all()
      .filter(({ metadata }) => labels.every(([label, value]) => metadata.labels?.[label] === value))
      .toSorted((one, other) =>
        (other.metadata.creationTimestamp ?? '').localeCompare(one.metadata.creationTimestamp ?? ''),
      );
    const [stuck] = own.filter((pod) => !isReady(pod));
    const reason = stuck && whyNotReady(stuck, events.all(), now);
    if (reason) return { where, ...reason };
    if (own.length === 0)
      return {
        where,
        ...whyNoPod(`deployment ${name} has no pod yet`, events.all(), now, (maker) =>
          maker.startsWith(name),
        ),
      };
    return { code: 'stack_not_ready', text: `deployment ${name} is being rolled out`, where };
  };
  return await waitFor<Stored<Deployment>>(
    {
      what: where,
      watched: [followed, around, events],
      look: () => {
        const [deployment] = followed.all();
        if (!deployment)
          return {
            waiting: { code: 'stack_not_ready', text: `no deployment ${name} in ${namespace} yet`, where },
          };
        return isRolledOut(deployment) ? { done: deployment } : { waiting: whyNot(deployment) };
      },
      explain: (reason) => explainPod(kube, namespace, reason),
    },
    kube.clock,
    wait,
  );
}

/** As `kubectl rollout status` has it: of the present generation, no pod of a former form is left, and all are available. */
function isRolledOut({ metadata, spec, status = {} }: Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return (
    observedGeneration >= (metadata.generation ?? 0) &&
    updatedReplicas === wanted &&
    replicas === wanted &&
    availableReplicas === wanted
  );
}
