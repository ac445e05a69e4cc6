import { DrawbridgeError } from '@drawbridge/kit';
import type { KubeObject, ResourceType } from '@drawbridge/kubernetes';
import { resourceName } from '@drawbridge/kubernetes';
import type { Kube } from './kube.ts';
import { type WaitOptions, waitFor, watching } from './wait/index.ts';

/** Whether to wait until nothing of it is left. */
export interface DeleteResourceOptions extends WaitOptions {
  /** Default false: the cluster was told, and finalizers may keep the object for a while. */
  readonly wait?: boolean;
}

/**
 * Deletes an object. One that is not there, or whose kind the cluster does not serve, counts as deleted.
 *
 * @param namespace of a namespaced kind
 * @returns whether there was one
 * @throws {DrawbridgeError} `stack_not_ready` where it is still there at the end of the wait; what calls throw
 * @example
 * ```ts
 * import { deleteResource, mutatingWebhooks, openKube } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * await deleteResource(kube, mutatingWebhooks, 'openbao-agent-injector-cfg', undefined, { wait: true });
 * await kube.close();
 * ```
 */
export async function deleteResource<T extends KubeObject>(
  kube: Kube,
  type: ResourceType<T>,
  name: string,
  namespace?: string,
  options: DeleteResourceOptions = {},
): Promise<boolean> {
  if (type.namespaced && namespace === undefined)
    throw new DrawbridgeError('invalid_request', { message: `${resourceName(type)} are in namespaces.` });
  const call = options.signal ? { signal: options.signal } : {};
  const client = kube.cluster.objects(type, namespace);
  try {
    const present = await client.find(name, call);
    if (!present) return false;
    const { uid } = present.metadata;
    // Not one that was made again meanwhile: that one is somebody's.
    await client.delete(name, { ...call, uid });
    if (options.wait) await untilGone(kube, type, { name, namespace, uid }, options);
    return true;
  } catch (error) {
    if (error instanceof DrawbridgeError && error.code === 'kubernetes_kind_missing') return false;
    throw error;
  }
}

async function untilGone<T extends KubeObject>(
  kube: Kube,
  type: ResourceType<T>,
  {
    name,
    namespace,
    uid,
  }: { readonly name: string; readonly namespace: string | undefined; readonly uid: string },
  options: WaitOptions,
): Promise<void> {
  const place = `${type.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const objects = watching(kube, type, namespace, { fieldSelector: `metadata.name=${name}` });
  await waitFor<true>(
    {
      what: `the end of ${place}`,
      watched: [objects],
      look: () => {
        const present = objects.all().find(({ metadata }) => metadata.uid === uid);
        if (!present) return { done: true };
        const { finalizers = [] } = present.metadata;
        return {
          waiting: {
            code: 'stack_not_ready',
            text:
              finalizers.length === 0
                ? `${place} is being deleted`
                : `${place} is being deleted, and kept by ${finalizers.join(', ')}`,
            where: place,
          },
        };
      },
    },
    kube.clock,
    options,
  );
}
