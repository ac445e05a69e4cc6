import { deleteResource } from './delete-resource.ts';
import { mutatingWebhooks, services } from './kinds.ts';
import type { Kube } from './kube.ts';

/**
 * Takes a MutatingWebhookConfiguration away that outlived its server: nobody answers for it, and what it holds up waits until it times
 * out. One whose Service is there, or that is called by URL, is somebody's and stays.
 *
 * @returns whether it was taken away
 */
export async function removeStaleWebhook(kube: Kube, name: string, signal: AbortSignal): Promise<boolean> {
  const { cluster } = kube;
  const { webhooks = [] } = (await cluster.objects(mutatingWebhooks).find(name, { signal })) ?? {};
  for (const { clientConfig } of webhooks) {
    const { service } = clientConfig;
    if (!service || (await cluster.objects(services, service.namespace).find(service.name, { signal })))
      return false;
  }
  return await deleteResource(kube, mutatingWebhooks, name, undefined, { signal });
}
