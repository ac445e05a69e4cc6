import { DrawbridgeError } from '@drawbridge/kit';
import type { Stored } from '@drawbridge/kubernetes';
import { clusterEvents, pods } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import type { Pod } from '../pod.ts';
import { isReady, type Reason, whyNoPod, whyNotReady } from '../reasons/index.ts';
import { explainPod } from './explain-pod.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/** Which pod, and how far it has to be. */
export interface PodWait extends WaitOptions {
  readonly namespace: string;
  /** Either its name, or labels such as `app.kubernetes.io/name=zitadel`. */
  readonly name?: string;
  readonly selector?: string;
  /** `Running`: its containers run, whether or not they say that they are ready, as OpenBao does not while it is sealed. Default `Ready`. */
  readonly phase?: 'Ready' | 'Running';
}

/**
 * Waits until a pod is ready, or runs. With labels, one of those that have them is enough.
 *
 * @returns the pod
 * @throws {DrawbridgeError} `stack_not_ready`, `pod_unschedulable`, `image_unavailable`, `container_config_invalid`, `pod_crashing` or
 *   `pod_refused` with what was seen last; `canceled`; `kubernetes_forbidden`, `kubernetes_unauthenticated`
 * @example
 * ```ts
 * import { openKube, waitForPodReady } from '@drawbridge/stack';
 *
 * const kube = await openKube({ context: 'k3d-drawbridge' });
 * const pod = await waitForPodReady(kube, {
 *   namespace: 'zitadel',
 *   selector: 'app.kubernetes.io/name=zitadel',
 *   timeoutMs: 120_000,
 *   onWaiting: (why) => console.error(why),
 * });
 * console.log(pod.metadata.name);
 * await kube.close();
 * ```
 */
export async function waitForPodReady(kube: Kube, wait: PodWait): Promise<Stored<Pod>> {
  const { namespace, name, selector, phase = 'Ready' } = wait;
  if ((name === undefined) === (selector === undefined))
    throw new DrawbridgeError('invalid_request', {
      message: 'A pod is waited for by its name or by labels.',
    });
  const followed = watching(kube, pods, namespace, {
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
  });
  const events = watching(kube, clusterEvents, namespace, { optional: true });
  const none = `no pod ${name ?? `with ${selector}`} in ${namespace} yet`;
  const what = name === undefined ? `pods with ${selector} in ${namespace}` : `pod ${namespace}/${name}`;
  return await waitFor<Stored<Pod>>(
    {
      what,
      watched: [followed, events],
      look: () => {
        const there = newestFirst(followed.all());
        const done = there.find(phase === 'Ready' ? isReady : isRunning);
        if (done) return { done };
        const now = kube.clock.now();
        const [newest] = there;
        const maker = name === undefined ? undefined : (maker: string) => name.startsWith(`${maker}-`);
        if (!newest) return { waiting: whyNoPod(none, events.all(), now, maker) };
        const why = whyNotReady(newest, events.all(), now);
        return {
          waiting: name === undefined ? unsettled(why, newest) : final(newest, unsettled(why, newest)),
        };
      },
      explain: (reason) => explainPod(kube, namespace, reason),
    },
    kube.clock,
    wait,
  );
}

/** All containers of it run. */
function isRunning({ metadata, status }: Pod): boolean {
  const containers = status?.containerStatuses ?? [];
  return (
    metadata.deletionTimestamp === undefined &&
    status?.phase === 'Running' &&
    containers.length > 0 &&
    containers.every(({ state }) => state?.running !== undefined)
  );
}

function newestFirst(all: readonly Stored<Pod>[]): readonly Stored<Pod>[] {
  return all.toSorted((one, other) =>
    (other.metadata.creationTimestamp ?? '').localeCompare(one.metadata.creationTimestamp ?? ''),
  );
}

/** A pod may be ready and yet not run as asked, for a moment. */
function unsettled(why: Reason | undefined, { metadata }: Pod): Reason {
  return (
    why ?? {
      code: 'stack_not_ready',
      text: `pod ${metadata.name} is ready, and one of its containers is not running`,
    }
  );
}

/** A pod that is waited for by name and is over is never ready: where somebody made it again, it would be another. */
function final({ metadata, status }: Pod, why: Reason): Reason {
  const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const owned = (metadata.ownerReferences ?? []).length > 0;
  return over && !owned && metadata.deletionTimestamp === undefined ? { ...why, hopeless: true } : why;
}
