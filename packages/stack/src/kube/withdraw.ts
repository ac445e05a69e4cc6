import type { KubeObject } from '@drawbridge/kubernetes';
import type { Manifest } from './apply-all.ts';
import { deleteResource } from './delete-resource.ts';
import { discoverKind } from './discovery.ts';
import type { Kube } from './kube.ts';

const askMs = 10_000;

/**
 * Takes away what {@link applyAll} put there, in this order. Of an object whose `data` has keys of others too, only ours go.
 *
 * @returns names of what was there, as `Kind/name`
 * @throws {DrawbridgeError} what calls throw
 */
export async function withdraw(
  kube: Kube,
  manifests: readonly Manifest[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const manifest of manifests) {
    const { kind, metadata } = manifest;
    const { name, namespace } = metadata;
    const type = await discoverKind(
      kube.cluster,
      manifest,
      AbortSignal.any([signal, AbortSignal.timeout(askMs)]),
    );
    const client = kube.cluster.objects(type, namespace);
    const present = await client.find(name, { signal });
    if (!present) continue;
    const [ours, all] = [keysOf(manifest), keysOf(present)];
    if (all.some((key) => !ours.includes(key))) {
      const mine = ours.filter((key) => all.includes(key));
      if (mine.length === 0) continue;
      const data = Object.fromEntries(mine.map((key) => [key, null]));
      await client.patch(name, { data } as Partial<KubeObject>, { signal });
    } else {
      await deleteResource(kube, type, name, namespace, { signal });
    }
    gone.push(`${kind}/${name}`);
  }
  return gone;
}

function keysOf(object: KubeObject): readonly string[] {
  const { data } = object as Manifest;
  return typeof data === 'object' && data !== null ? Object.keys(data) : [];
}
