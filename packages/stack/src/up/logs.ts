import { DrawbridgeError } from '@drawbridge/kit';
import { type Kube, podLogs, pods } from '../kube/index.ts';
import { charts } from '../settings/index.ts';

/** Parts that have pods. */
export const stackParts = ['postgres', 'zitadel', 'openbao'] as const;
export type StackPart = (typeof stackParts)[number];

/**
 * The last lines of every pod of these parts, in the order of their names. Containers that were not started yet are left out.
 *
 * @throws {DrawbridgeError} what calls throw
 */
export async function* stackLogs(
  kube: Kube,
  parts: readonly StackPart[],
  tailLines: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly pod: string; readonly line: string }> {
  for (const part of parts) {
    const { namespace } = charts[part];
    const { items } = await kube.cluster.objects(pods, namespace).list({}, { signal });
    for (const { metadata, spec } of items) {
      for (const { name: container } of spec?.containers ?? []) {
        const options = { namespace, pod: metadata.name, container, tailLines, signal };
        const text = await podLogs(kube, options).catch(ofNoLog);
        for (const line of text.split('\n'))
          if (line !== '') yield { pod: `${namespace}/${metadata.name}`, line };
      }
    }
  }
}

/** A container that was not started, or a pod that has gone meanwhile, has nothing to show; a node that does not answer is another matter. */
function ofNoLog(error: unknown): string {
  const { code } = DrawbridgeError.from(error);
  if (code === 'kubernetes_invalid' || code === 'kubernetes_not_found') return '';
  throw error;
}
