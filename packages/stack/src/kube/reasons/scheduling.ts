import type { Pod } from '../pod.ts';
import { bytesOf } from './quantity.ts';
import type { Reason } from './reason.ts';

/** What the scheduler says, in short; the first that fits. */
const shortages: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/insufficient memory/i, 'too little memory'],
  [/insufficient cpu/i, 'too little processor time'],
  [/insufficient ephemeral-storage|disk-pressure/i, 'too little disk'],
  [/memory-pressure/i, 'too little memory'],
  [
    /unbound immediate PersistentVolumeClaims|persistentvolumeclaim .* not found/i,
    'its volume is not there yet',
  ],
  [/volume node affinity conflict/i, 'its volume is on another node'],
  [/free ports/i, 'its port of the node is taken'],
  [/too many pods/i, 'the node has as many pods as it takes'],
  [/anti-affinity|affinity|node selector|topology spread/i, 'no node is of the kind that it asks for'],
  [/untolerated taint|unschedulable/i, 'every node keeps pods away'],
  [/no nodes available/i, 'the cluster has no node'],
];

/** Why no node has the pod, where none has. */
export function whyNotScheduled(pod: Pod): Omit<Reason, 'where'> | undefined {
  const { name } = pod.metadata;
  if (pod.spec?.nodeName !== undefined) return undefined;
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status === 'True') return undefined;
  const message = condition?.message ?? '';
  if (condition?.reason === 'SchedulingGated')
    return { code: 'pod_unschedulable', text: `pod ${name} is held back from being scheduled`, saw: message };
  if (message === '') return { code: 'stack_not_ready', text: `pod ${name} is Pending, not scheduled yet` };
  const short = shortages.find(([pattern]) => pattern.test(message))?.[1] ?? 'no node takes it';
  return {
    code: 'pod_unschedulable',
    text: `pod ${name} is Pending, ${short}`,
    saw: message,
    ...(short === 'too little memory' ? { memory: requestedMemory(pod) } : {}),
  };
}

/** Memory that a pod asks for, in bytes: all containers at once, or the largest of those that run before them. */
export function requestedMemory({ spec }: Pod): number {
  const asked = (
    list: readonly { readonly resources?: { readonly requests?: Readonly<Record<string, string>> } }[],
  ) => list.map(({ resources }) => bytesOf(resources?.requests?.memory ?? '0') ?? 0);
  const together = asked(spec?.containers ?? []).reduce((sum, bytes) => sum + bytes, 0);
  return Math.max(together, ...asked(spec?.initContainers ?? []));
}
