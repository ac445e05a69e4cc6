import type { ClusterEvent } from '../kinds.ts';
import type { Pod } from '../pod.ts';
import { type Holdup, whyContainer } from './containers.ts';
import { eventsOf } from './events.ts';
import type { Reason } from './reason.ts';
import { whyNotScheduled } from './scheduling.ts';

/**
 * Why a pod is not ready, in words for a person; undefined when it is. It only looks at what it is given.
 *
 * @param events of its namespace; those of other objects are left aside
 * @param now milliseconds since the epoch; what was told long before no longer counts
 * @example
 * ```ts
 * import { whyNotReady } from '@drawbridge/stack';
 *
 * const reason = whyNotReady(
 *   {
 *     apiVersion: 'v1',
 *     kind: 'Pod',
 *     metadata: { name: 'zitadel-init-x7k2p', namespace: 'zitadel' },
 *     status: {
 *       phase: 'Pending',
 *       conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient memory.' }],
 *     },
 *   },
 *   [],
 *   Date.now(),
 * );
 * console.log(reason?.text); // pod zitadel-init-x7k2p is Pending, too little memory
 * ```
 */
export function whyNotReady(pod: Pod, events: readonly ClusterEvent[], now: number): Reason | undefined {
  const found = holdup(pod, eventsOf(pod.metadata, events, now));
  return found && { ...found, where: `pod ${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}` };
}

/** Whether the kubelet says that a pod is ready, and nobody has asked for its end. */
export function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false)
  );
}

function holdup(pod: Pod, events: readonly ClusterEvent[]): Holdup | undefined {
  const { metadata, status = {} } = pod;
  const { name } = metadata;
  if (metadata.deletionTimestamp !== undefined)
    return { code: 'stack_not_ready', text: `pod ${name} is being deleted` };
  if (isReady(pod)) return undefined;
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return ended(pod);
  const unscheduled = whyNotScheduled(pod);
  if (unscheduled) return unscheduled;
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  for (const container of initContainerStatuses) {
    const found = whyContainer(pod, container, events, { init: true });
    if (found) return found;
  }
  const found = containerStatuses.flatMap(
    (container) => whyContainer(pod, container, events, { init: false }) ?? [],
  );
  // What is in trouble says more than what is merely not there yet.
  const worst = found.find(({ code }) => code !== 'stack_not_ready') ?? found[0];
  if (worst) return worst;
  const gate = status.conditions?.find(({ type, status: is }) => type === 'Ready' && is !== 'True');
  return containerStatuses.length > 0 && gate?.message !== undefined
    ? { code: 'stack_not_ready', text: `pod ${name} is held back by a readiness gate`, saw: gate.message }
    : { code: 'stack_not_ready', text: `pod ${name} is on its node, and not started yet` };
}

/** A pod that is over never gets ready; whoever made it makes another, or does not. */
function ended({ metadata, status = {} }: Pod): Holdup {
  const failed = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    ({ state }) => (state?.terminated?.exitCode ?? 0) !== 0,
  );
  const code = failed?.state?.terminated?.exitCode;
  const cause = status.reason === undefined ? '' : `, ${status.reason}`;
  return {
    code: status.phase === 'Failed' ? 'pod_crashing' : 'stack_not_ready',
    text:
      status.phase === 'Failed'
        ? `pod ${metadata.name} failed${cause}${code === undefined ? '' : ` with exit code ${code}`}`
        : `pod ${metadata.name} has done its work and ended`,
    ...(status.message === undefined ? {} : { saw: status.message }),
    ...(failed ? { log: { pod: metadata.name, container: failed.name, previous: false } } : {}),
  };
}
