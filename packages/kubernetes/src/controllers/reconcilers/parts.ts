import type { CallOptions, Clock, Logger, Metrics } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Cluster, KubeObject, Stored } from '../../cluster/index.ts';
import type { EventNote, ReconcileContext } from '../runtime/index.ts';

/** What all reconcilers stand on. */
export interface ReconcilerParts {
  readonly zitadel: Zitadel;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A cluster or control plane, and where its Events go. */
export interface Plane {
  readonly cluster: Pick<Cluster, 'objects'>;
  /** The project's name, or `single`. */
  readonly name: string;
  /** Home of the machines in it. */
  organizationId(call: CallOptions): Promise<string>;
  event(object: Stored<KubeObject>, event: EventNote): void;
}

/** Background work, ended with the reconcile it is of. */
export function callOf({ signal }: ReconcileContext): CallOptions {
  return { signal, priority: 'low' };
}
