import { isDeepStrictEqual } from 'node:util';
import { backoff, DrawbridgeError } from '@drawbridge/kit';
import { type KubeObject, KubernetesError, type Stored } from '@drawbridge/kubernetes';
import { discoverKind } from './discovery.ts';
import type { Kube } from './kube.ts';

/** A manifest: whatever fields its kind has. */
export interface Manifest extends KubeObject {
  readonly [field: string]: unknown;
}

/** What became of one. */
export interface Applied {
  readonly outcome: 'created' | 'changed' | 'unchanged';
  readonly object: Stored<KubeObject>;
}

export interface ApplyAllOptions {
  /** How long one object is tried, in milliseconds. Default 120,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onApplied?: (applied: Applied) => void;
  /** Told why an object cannot be applied yet, whenever the reason changes. */
  readonly onWaiting?: (why: string) => void;
  /** Uniform in [0, 1). Default Math.random. */
  readonly random?: () => number;
}

/** What is asked before: how the kind is served. */
const askMs = 10_000;

/**
 * Applies manifests by server-side apply, one after the other and by force: what they say is ours. Objects of namespaced kinds without a
 * namespace go into that of the context, or `default`.
 *
 * Tried again is only what passes by itself while definitions and operators come up: a kind that is not served yet, and webhooks that
 * nobody answers for yet, or too late.
 *
 * @returns what became of each, in order
 * @throws {DrawbridgeError} what the last try failed with: `kubernetes_kind_missing`, `kubernetes_failed`, or at once
 *   `kubernetes_invalid`, `kubernetes_forbidden` and what calls throw
 * @example
 * ```ts
 * import { applyAll, openKube } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * const applied = await applyAll(kube, [
 *   { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'zitadel' } },
 *   { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes', namespace: 'zitadel' }, data: { hello: 'world' } },
 * ]);
 * console.log(applied.map(({ outcome }) => outcome));
 * await kube.close();
 * ```
 */
export async function applyAll(
  kube: Kube,
  manifests: readonly Manifest[],
  options: ApplyAllOptions = {},
): Promise<readonly Applied[]> {
  const all: Applied[] = [];
  for (const manifest of manifests) {
    const applied = await patiently(kube, manifest, options);
    all.push(applied);
    options.onApplied?.(applied);
  }
  return all;
}

async function patiently(kube: Kube, manifest: Manifest, options: ApplyAllOptions): Promise<Applied> {
  const { timeoutMs = 120_000, signal, onWaiting = () => undefined, random = Math.random } = options;
  const deadline = kube.clock.now() + timeoutMs;
  let told: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await applyOne(kube, manifest, signal);
    } catch (error) {
      const why = whyAgain(error, manifest);
      const waitMs = 250 + backoff(attempt, { baseMs: 500, maxMs: 5_000, random });
      if (why === undefined || kube.clock.now() + waitMs > deadline) throw error;
      if (why !== told) onWaiting(why);
      told = why;
      await kube.clock.sleep(waitMs, signal).catch((cause: unknown) => {
        throw new DrawbridgeError('canceled', { cause });
      });
    }
  }
}

async function applyOne(
  { cluster }: Kube,
  manifest: Manifest,
  outer: AbortSignal | undefined,
): Promise<Applied> {
  const limit = AbortSignal.timeout(askMs);
  const type = await discoverKind(cluster, manifest, outer ? AbortSignal.any([outer, limit]) : limit);
  const call = outer ? { signal: outer } : {};
  const namespace = type.namespaced
    ? (manifest.metadata.namespace ?? cluster.namespace ?? 'default')
    : undefined;
  const client = cluster.objects(type, namespace);
  const before = await client.find(manifest.metadata.name, call);
  const metadata = { ...manifest.metadata, ...(namespace === undefined ? {} : { namespace }) };
  const object = await client.apply({ ...manifest, metadata }, call);
  if (!before || before.metadata.uid !== object.metadata.uid) return { outcome: 'created', object };
  return { outcome: isDeepStrictEqual(wishOf(before), wishOf(object)) ? 'unchanged' : 'changed', object };
}

/** An object without what the server and controllers keep of it: they may write between our reading and our applying. */
function wishOf(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object as Manifest;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...rest, metadata: { labels, annotations, finalizers, ownerReferences } };
}

/** Why this failure passes by itself; undefined where it does not. */
function whyAgain(error: unknown, { apiVersion, kind }: Manifest): string | undefined {
  if (!(error instanceof DrawbridgeError)) return undefined;
  if (error.code === 'kubernetes_kind_missing')
    return `the cluster does not serve ${kind} of ${apiVersion} yet`;
  // Applying twice is applying once; who takes so long is mostly a webhook behind it.
  if (error.code === 'timeout') return `kube-apiserver takes too long with ${kind}`;
  if (!(error instanceof KubernetesError) || error.code !== 'kubernetes_failed') return undefined;
  const [, webhook] =
    /failed calling webhook "([^"]+)"/.exec(error.saw ?? '') ??
    /conversion webhook for ([^ ]+).* failed/.exec(error.saw ?? '') ??
    [];
  return webhook === undefined ? undefined : `the webhook ${webhook} does not answer yet`;
}
