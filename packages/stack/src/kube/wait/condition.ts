import type { ResourceType, Stored } from '@drawbridge/kubernetes';
import type { Conditioned } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import { named } from './named.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/** Which object, and which of its conditions has to be true. */
export interface ConditionWait extends WaitOptions {
  readonly name: string;
  /** Of a namespaced kind. */
  readonly namespace?: string;
  /** Default `Ready`. */
  readonly condition?: string;
}

/**
 * Waits until a condition of an object is true, such as `Ready` of a PostgreSQL cluster.
 *
 * @returns the object
 * @throws {DrawbridgeError} `stack_not_ready` at the end of the time, `canceled`
 * @example
 * ```ts
 * import { openKube, postgresClusters, waitForCondition } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * const cluster = await waitForCondition(kube, postgresClusters, { namespace: 'zitadel', name: 'zitadel-db' });
 * console.log(cluster.status?.currentPrimary);
 * await kube.close();
 * ```
 */
export async function waitForCondition<T extends Conditioned>(
  kube: Kube,
  type: ResourceType<T>,
  wait: ConditionWait,
): Promise<Stored<T>> {
  const { name, namespace, condition = 'Ready' } = wait;
  const objects = watching(kube, type, namespace, named(name));
  const where = `${type.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return await waitFor<Stored<T>>(
    {
      what: where,
      watched: [objects],
      look: () => {
        const [object] = objects.all();
        if (!object)
          return { waiting: { code: 'stack_not_ready', text: `no ${type.kind} ${name} yet`, where } };
        const found = object.status?.conditions?.find((one) => one.type === condition);
        if (found?.status === 'True') return { done: object };
        const phase = phaseOf(object);
        const saw = found?.message ?? '';
        return {
          waiting: {
            code: 'stack_not_ready',
            text: `${type.kind} ${name} is not ${condition}${phase ? `: ${phase}` : ''}`,
            where,
            ...(saw === '' ? {} : { saw }),
          },
        };
      },
    },
    kube.clock,
    wait,
  );
}

/** Where the object says in a sentence how far it is, as CloudNativePG's do. */
function phaseOf({ status }: Conditioned): string | undefined {
  const phase = status && 'phase' in status ? status.phase : undefined;
  return typeof phase === 'string' && phase !== '' ? phase : undefined;
}
