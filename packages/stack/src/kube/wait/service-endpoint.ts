import { type EndpointSlice, endpointSlices, services } from '../kinds.ts';
import type { Kube } from '../kube.ts';
import { named } from './named.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';
import { watching } from './watched.ts';

/** Which service. */
export interface ServiceWait extends WaitOptions {
  readonly namespace: string;
  readonly service: string;
}

/** Where a service's connections go. */
export interface ServiceEndpoint {
  readonly address: string;
  /** The pod behind it, where there is one. */
  readonly pod?: string;
}

/**
 * Waits until a service has somebody to send connections to. A service without one exists, and refuses them.
 *
 * @returns the first ready address
 * @throws {DrawbridgeError} `stack_not_ready` at the end of the time, `canceled`
 * @example
 * ```ts
 * import { openKube, waitForServiceEndpoint } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * await waitForServiceEndpoint(kube, { namespace: 'zitadel', service: 'zitadel-db-rw' });
 * await kube.close();
 * ```
 */
export async function waitForServiceEndpoint(kube: Kube, wait: ServiceWait): Promise<ServiceEndpoint> {
  const { namespace, service } = wait;
  const followed = watching(kube, services, namespace, named(service));
  const slices = watching(kube, endpointSlices, namespace, {
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  const where = `service ${namespace}/${service}`;
  const notYet = (text: string) => ({ waiting: { code: 'stack_not_ready', text, where } }) as const;
  return await waitFor<ServiceEndpoint>(
    {
      what: where,
      watched: [followed, slices],
      look: () => {
        if (followed.all().length === 0) return notYet(`no service ${service} in ${namespace} yet`);
        const [ready] = readyEndpoints(slices.all());
        if (ready) return { done: ready };
        return notYet(
          slices.all().some(({ endpoints }) => (endpoints ?? []).length > 0)
            ? `service ${service} has only pods that are not ready`
            : `service ${service} has no endpoint yet`,
        );
      },
    },
    kube.clock,
    wait,
  );
}

/** Endpoints that take connections. */
function readyEndpoints(slices: readonly EndpointSlice[]): readonly ServiceEndpoint[] {
  return slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap(({ addresses, conditions, targetRef }) => {
      const [address] = addresses;
      if (address === undefined || conditions?.ready === false) return [];
      const pod = targetRef?.kind === 'Pod' ? targetRef.name : undefined;
      return [{ address, ...(pod === undefined ? {} : { pod }) }];
    }),
  );
}
