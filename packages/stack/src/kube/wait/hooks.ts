import { pods } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/** What job controllers write on the pods they make. */
const ofJob = 'job-name';

/**
 * Waits until no job's pod runs in a namespace. Helm's hooks go on when Helm is cut off, and another Helm would delete them in the middle of
 * their work.
 *
 * @throws {DrawbridgeError} `stack_not_ready` at the end of the time, `canceled`
 */
export async function waitForHooks(
  kube: Kube,
  { namespace, ...wait }: WaitOptions & { readonly namespace: string },
): Promise<void> {
  const followed = watching(kube, pods, namespace, { labelSelector: ofJob });
  await waitFor<true>(
    {
      what: `the end of jobs in ${namespace}`,
      watched: [followed],
      look: () => {
        // One that does not run yet has begun nothing.
        const busy = followed.all().find(({ status }) => status?.phase === 'Running');
        if (!busy) return { done: true };
        const { name, labels } = busy.metadata;
        return {
          waiting: {
            code: 'stack_not_ready',
            text: `job ${labels?.[ofJob]} of an earlier run is at work`,
            where: `pod ${namespace}/${name}`,
          },
        };
      },
    },
    kube.clock,
    wait,
  );
}
