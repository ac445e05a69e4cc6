import type { Clock, DrawbridgeError, ErrorCode } from '@drawbridge/kit';
import {
  createInformer,
  type KubeObject,
  type ListFilter,
  type ResourceType,
  resourceName,
  type Stored,
} from '@drawbridge/kubernetes';
import type { Kube } from '../kube.ts';
import type { Reason } from '../reasons/index.ts';

/** Objects that a wait follows: listed once, then watched. */
export interface Watched<T extends KubeObject> extends AnyWatched {
  /** As they were told last. */
  all(): readonly Stored<T>[];
}

/** What the wait itself needs of them, whatever their kind. */
export interface AnyWatched {
  /** Follows until the signal; never throws. */
  run(signal: AbortSignal, onChange: () => void): Promise<void>;
  /** Why they are not known now. @throws {DrawbridgeError} what no waiting mends, such as `kubernetes_forbidden` */
  unknown(): Reason | undefined;
}

/** A person waits: nothing is tried again later than this. */
const longestPauseMs = 2_000;

/**
 * Follows objects for a wait.
 *
 * @param optional whether the wait goes on without them: events explain, and are not what is waited for
 */
export function watching<T extends KubeObject>(
  kube: Kube,
  type: ResourceType<T>,
  namespace: string | undefined,
  { optional = false, ...filter }: ListFilter & { readonly optional?: boolean } = {},
): Watched<T> {
  let told: () => void = () => undefined;
  const { clock } = kube;
  const impatient: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal, options) => clock.sleep(Math.min(ms, longestPauseMs), signal, options),
  };
  const informer = createInformer<T>({
    client: kube.cluster.objects(type, namespace),
    filter,
    onChange: ({ type: change }) => {
      if (change !== 'resync') told();
    },
    clock: impatient,
  });
  return {
    all: () => informer.all(),
    async run(signal, onChange) {
      told = onChange;
      // An empty list tells of no object.
      informer.untilSynced(signal).then(onChange, () => undefined);
      await informer.run(signal);
    },
    unknown() {
      const { trouble, synced } = informer;
      if (optional || (synced && !trouble)) return undefined;
      if (!trouble)
        return { code: 'stack_not_ready', text: `${resourceName(type)} are being read`, passing: true };
      return whyUnknown(trouble, resourceName(type));
    },
  };
}

function whyUnknown(trouble: DrawbridgeError, resource: string): Reason {
  if (trouble.code === 'kubernetes_kind_missing')
    return { code: 'stack_not_ready', text: `the cluster does not serve ${resource} yet` };
  if (refusals.has(trouble.code)) throw trouble;
  return {
    code: 'stack_not_ready',
    text: 'kube-apiserver does not answer',
    ...(trouble.where === undefined ? {} : { where: trouble.where }),
    saw: trouble.saw ?? trouble.message,
  };
}

/** What no waiting mends. Whatever else fails may be a server that is coming up. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'kubernetes_forbidden',
  'kubernetes_unauthenticated',
  'kubernetes_invalid',
  'invalid_kubeconfig',
  'untrusted_certificate',
]);
