import { DrawbridgeError, parseJson, readText, retry } from '@drawbridge/kit';
import type { Cluster, KubeObject, ResourceType } from '@drawbridge/kubernetes';

/**
 * How the cluster serves a kind now. Asked of the server each time: what one said a moment ago does not hold while definitions are
 * being registered.
 *
 * @throws {DrawbridgeError} `kubernetes_kind_missing` where it is not served; what calls throw
 */
export async function discoverKind(
  cluster: Cluster,
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
  signal: AbortSignal,
): Promise<ResourceType<KubeObject>> {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const served = await servedKinds(cluster, apiVersion, signal);
  const found = served.find((one) => one.kind === kind && !one.name.includes('/'));
  if (!found || group === undefined || version === undefined)
    throw new DrawbridgeError('kubernetes_kind_missing', {
      message: `The cluster serves no kind ${kind} in ${apiVersion}.`,
    });
  return { group, version, kind, plural: found.name, namespaced: found.namespaced };
}

interface ServedKind {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Kinds of one version of a group. @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */
async function servedKinds(
  cluster: Cluster,
  apiVersion: string,
  signal: AbortSignal,
): Promise<readonly ServedKind[]> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const text = await retry(async () => readText(await cluster.read(path, { signal })), { signal });
  const document = parseJson(text, path);
  const resources =
    typeof document === 'object' && document !== null && 'resources' in document
      ? document.resources
      : undefined;
  if (!Array.isArray(resources))
    throw new DrawbridgeError('invalid_response', { message: 'That is no list of kinds.', where: path });
  return resources.flatMap((one: unknown): readonly ServedKind[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { name, kind, namespaced } = one as Readonly<Record<string, unknown>>;
    return typeof name === 'string' && typeof kind === 'string'
      ? [{ name, kind, namespaced: namespaced === true }]
      : [];
  });
}
