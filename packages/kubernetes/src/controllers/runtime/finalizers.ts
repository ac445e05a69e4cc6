import { type CallOptions, DrawbridgeError } from '@drawbridge/kit';
import type { KubeObject, ObjectClient, Stored } from '../../cluster/index.ts';

/** Whether deletion was asked for. */
export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

export function hasFinalizer(object: KubeObject, name: string): boolean {
  return object.metadata.finalizers?.includes(name) ?? false;
}

/**
 * Puts our finalizer on an object, before anything is done outside for it.
 *
 * @throws {DrawbridgeError} `kubernetes_conflict` where the object has changed meanwhile: look at it again
 */
export async function addFinalizer<T extends KubeObject>(
  client: ObjectClient<T>,
  object: Stored<T>,
  name: string,
  options?: CallOptions,
): Promise<Stored<T>> {
  if (hasFinalizer(object, name)) return object;
  return await write(client, object, [...(object.metadata.finalizers ?? []), name], options);
}

/** Takes our finalizer away, and leaves those of others. An object that is gone by then is what was wanted. */
export async function removeFinalizer<T extends KubeObject>(
  client: ObjectClient<T>,
  object: Stored<T>,
  name: string,
  options?: CallOptions,
): Promise<void> {
  if (!hasFinalizer(object, name)) return;
  try {
    await write(client, object, object.metadata.finalizers?.filter((one) => one !== name) ?? [], options);
  } catch (error) {
    if (!(error instanceof DrawbridgeError) || error.code !== 'kubernetes_not_found') throw error;
  }
}

/** A merge patch replaces the list; with the version and the uid in it, only of the object that was read. */
function write<T extends KubeObject>(
  client: ObjectClient<T>,
  { metadata }: Stored<T>,
  finalizers: readonly string[],
  options: CallOptions | undefined,
): Promise<Stored<T>> {
  const { name, uid, resourceVersion } = metadata;
  return client.patch(name, { metadata: { uid, resourceVersion, finalizers } }, options);
}
