import { DrawbridgeError } from '@drawbridge/kit';
import {
  apiVersionOf,
  type KubeObject,
  type ObjectList,
  type ResourceType,
  resourceName,
  type Stored,
} from './objects.ts';

/**
 * Shows that an answer is an object as servers give them. Its own fields are the kind's business: the schema was checked by the
 * server that stored it.
 *
 * @param stored false for the answer to a dry run, which may have no version
 * @throws {DrawbridgeError} `invalid_response`
 */
export function readObject<T extends KubeObject>(
  value: unknown,
  type: ResourceType<T>,
  { stored = true }: { readonly stored?: boolean } = {},
): Stored<T> {
  const metadata = isRecord(value) ? value.metadata : undefined;
  const { name, uid, resourceVersion = stored ? undefined : '' } = isRecord(metadata) ? metadata : {};
  if (
    !isRecord(value) ||
    !isText(name) ||
    !isText(uid) ||
    !(isText(resourceVersion) || (!stored && resourceVersion === ''))
  ) {
    throw new DrawbridgeError('invalid_response', {
      message: `What kube-apiserver sent is no object of ${resourceName(type)}.`,
    });
  }
  // Items of lists may leave out what the list says.
  return {
    ...value,
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: { ...(metadata as object), resourceVersion },
  } as unknown as Stored<T>;
}

/** One page of a list. @throws {DrawbridgeError} `invalid_response` */
export function readList<T extends KubeObject>(
  value: unknown,
  type: ResourceType<T>,
): ObjectList<T> & { readonly continue: string | undefined } {
  const metadata = isRecord(value) ? value.metadata : undefined;
  if (!isRecord(value) || !isRecord(metadata) || !(Array.isArray(value.items) || value.items === null)) {
    throw new DrawbridgeError('invalid_response', {
      message: `What kube-apiserver sent is no list of ${resourceName(type)}.`,
    });
  }
  const items: readonly unknown[] = value.items ?? [];
  return {
    items: items.map((item) => readObject<T>(item, type)),
    resourceVersion: isText(metadata.resourceVersion) ? metadata.resourceVersion : '',
    continue: isText(metadata.continue) ? metadata.continue : undefined,
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
