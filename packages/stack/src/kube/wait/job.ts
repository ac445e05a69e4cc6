import type { Stored } from '@drawbridge/kubernetes';
import { clusterEvents, type Job, jobs, pods } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import { type Reason, whyNoPod, whyNotReady } from '../reasons/index.ts';
import { explainPod } from './explain-pod.ts';
import { type NamedWait, named } from './named.ts';
import { waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/**
 * Waits until a job is complete. One that is not there yet is waited for as well: charts make them by hooks.
 *
 * @returns the job
 * @throws {DrawbridgeError} `job_failed` as soon as it is not tried again, with the last lines of its pod; at the end of the time
 *   `stack_not_ready`, `pod_unschedulable`, `image_unavailable`, `container_config_invalid`, `pod_crashing` or `pod_refused`; `canceled`
 * @example
 * ```ts
 * import { openKube, waitForJob } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * await waitForJob(kube, { namespace: 'zitadel', name: 'zitadel-init', onWaiting: (why) => console.error(why) });
 * await kube.close();
 * ```
 */
export async function waitForJob(kube: Kube, wait: NamedWait): Promise<Stored<Job>> {
  const { namespace, name } = wait;
  const followed = watching(kube, jobs, namespace, named(name));
  const ofJob = watching(kube, pods, namespace, { labelSelector: `job-name=${name}` });
  const events = watching(kube, clusterEvents, namespace, { optional: true });
  const where = `job ${namespace}/${name}`;
  return await waitFor<Stored<Job>>(
    {
      what: where,
      watched: [followed, ofJob, events],
      look: () => {
        const [job] = followed.all();
        if (!job)
          return { waiting: { code: 'stack_not_ready', text: `no job ${name} in ${namespace} yet`, where } };
        if (isTrue(job, 'Complete')) return { done: job };
        const now = kube.clock.now();
        // The last one tells why the job failed, or why it does not end.
        const pod = ofJob
          .all()
          .toSorted((one, other) =>
            (one.metadata.creationTimestamp ?? '').localeCompare(other.metadata.creationTimestamp ?? ''),
          )
          .at(-1);
        const why = pod && whyNotReady(pod, events.all(), now);
        if (isTrue(job, 'Failed')) return { waiting: failed(job, why, where) };
        if (!pod) {
          const none = whyNoPod(`job ${name} has no pod yet`, events.all(), now, (maker) => maker === name);
          return { waiting: { where, ...none } };
        }
        const at = why ?? { code: 'stack_not_ready', text: `pod ${pod.metadata.name} is at work` };
        return { waiting: { where, ...at, text: `job ${name}: ${at.text}` } };
      },
      explain: (reason) => explainPod(kube, namespace, reason),
    },
    kube.clock,
    wait,
  );
}

function isTrue({ status }: Job, type: string): boolean {
  return status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}

function failed(job: Job, why: Reason | undefined, where: string): Reason {
  const { reason, message } = job.status?.conditions?.find(({ type }) => type === 'Failed') ?? {};
  const text = `job ${job.metadata.name} failed${reason === undefined ? '' : `, ${reason}`}`;
  return {
    code: 'job_failed',
    text: why?.log ? `${text}: ${why.text}` : text,
    where,
    saw: [message, why?.log ? why.saw : undefined].filter(Boolean).join(' ') || text,
    hopeless: true,
    ...(reason === 'DeadlineExceeded'
      ? { why: 'it did not end within the time that its chart gives it' }
      : {}),
    ...(why?.log ? { log: why.log } : {}),
  };
}
