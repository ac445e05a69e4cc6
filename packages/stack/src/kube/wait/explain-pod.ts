import { nodes, pods } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import { podLogs } from '../pod-logs.ts';
import { bytesOf, bytesText, type Reason, requestedMemory } from '../reasons/index.ts';
import { maskLog } from './mask-log.ts';

/** Whoever gave up waiting does not wait much longer for the explanation. */
const patienceMs = 5_000;

/** Adds what only another call tells: the last lines of a container that ended, and the memory that is free. */
export async function explainPod(kube: Kube, namespace: string, reason: Reason): Promise<Reason> {
  const signal = AbortSignal.timeout(patienceMs);
  if (reason.log) {
    const { log, saw } = reason;
    const text = await podLogs(kube, { namespace, ...log, tailLines: 8, signal });
    const lines = maskLog(text).trim();
    // The end of a log says why; an error quotes 400 characters.
    return lines === ''
      ? reason
      : { ...reason, saw: [saw, lines.slice(-300)].filter(Boolean).join('; log: ') };
  }
  if (reason.memory === undefined) return reason;
  const { memory } = reason;
  const [all, everyPod] = await Promise.all([
    kube.cluster.objects(nodes).list({}, { signal }),
    kube.cluster.objects(pods).list({}, { signal }),
  ]);
  const total = all.items.reduce(
    (sum, { status }) => sum + (bytesOf(status?.allocatable?.memory ?? '') ?? 0),
    0,
  );
  const taken = everyPod.items
    .filter(
      ({ spec, status }) => spec?.nodeName !== undefined && !/^(Succeeded|Failed)$/.test(status?.phase ?? ''),
    )
    .reduce((sum, pod) => sum + requestedMemory(pod), 0);
  const free = Math.max(0, total - taken);
  return {
    ...reason,
    why: `it asks for ${bytesText(memory)}; the cluster has ${bytesText(total)}, ${bytesText(free)} of it free`,
    fix: `Give Docker, or whatever the node runs in, ${Math.ceil((total + Math.max(0, memory - free)) / 2 ** 30)} GiB of memory.`,
  };
}
