import { DrawbridgeError } from '@drawbridge/kit';
import { endpointSlices, services } from '../kinds.ts';
import type { Kube } from '../kube.ts';

/** Where a connection goes. */
export interface PodPort {
  readonly pod: string;
  readonly port: number;
}

/**
 * Resolves a port of a service to the pods behind it, as the cluster itself does: by its endpoint slices, which know the number that a named
 * port has in each pod.
 *
 * @throws {DrawbridgeError} `kubernetes_not_found` without the service, `invalid_request` without the port, `stack_not_ready` without a pod
 */
export async function podsOfService(
  kube: Kube,
  {
    namespace,
    service,
    port,
  }: { readonly namespace: string; readonly service: string; readonly port: number | string },
  signal: AbortSignal,
): Promise<readonly PodPort[]> {
  const where = `service ${namespace}/${service}`;
  const { spec } = await kube.cluster.objects(services, namespace).get(service, { signal });
  const named = spec?.ports?.find((one) => one.port === port || one.name === port);
  if (!named)
    throw new DrawbridgeError('invalid_request', {
      message: `The service has no port ${port}.`,
      where,
      saw: (spec?.ports ?? []).map((one) => one.name ?? one.port).join(', '),
    });
  const { items } = await kube.cluster
    .objects(endpointSlices, namespace)
    .list({ labelSelector: `kubernetes.io/service-name=${service}` }, { signal });
  const found = items.flatMap(({ endpoints, ports }) => {
    const inPod = ports?.find(({ name }) => (name ?? '') === (named.name ?? ''))?.port;
    return (endpoints ?? []).flatMap(({ conditions, targetRef }) =>
      inPod === undefined ||
      conditions?.ready === false ||
      targetRef?.kind !== 'Pod' ||
      targetRef.name === undefined
        ? []
        : [{ pod: targetRef.name, port: inPod }],
    );
  });
  if (found.length === 0)
    throw new DrawbridgeError('stack_not_ready', { message: `Service ${service} has no ready pod.`, where });
  return found;
}
