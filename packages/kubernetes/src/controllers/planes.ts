import type { CallOptions, Clock, Logger, Metrics } from '@drawbridge/kit';
import {
  type Cluster,
  createInformer,
  type Informer,
  type KubeObject,
  type Stored,
} from '../cluster/index.ts';
import {
  finalizers,
  type MachineAccount,
  machineAccountEmail,
  machineAccounts,
  type ServiceAccount,
  serviceAccountEmail,
  serviceAccounts,
} from '../milo/index.ts';
import type { Account, AccountKind, Plane } from './reconcilers/index.ts';
import { createEventRecorder, isOwnWrite } from './runtime/index.ts';

/** What all control planes have in common. */
export interface PlaneParts {
  /** Of mail addresses of service accounts. */
  readonly emailSuffix: string;
  /** This process, in Events. */
  readonly instance: string;
  readonly resyncMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** An account is to be looked at. */
  readonly enqueue: (key: string) => void;
}

/** One control plane in service: machines in it are followed. */
export interface RunningPlane extends Plane {
  readonly serviceAccounts: AccountKind<ServiceAccount>;
  readonly machineAccounts: AccountKind<MachineAccount>;
  readonly informers: readonly Informer<Account>[];
  /** Follows until the signal ends it. */
  run(signal: AbortSignal): Promise<void>;
}

/** A key of the queue of accounts. */
export interface AccountKey {
  readonly plane: string;
  readonly kind: 'ServiceAccount' | 'MachineAccount';
  readonly namespace: string | undefined;
  readonly name: string;
}

function writeAccountKey({ plane, kind, namespace, name }: AccountKey): string {
  return JSON.stringify([plane, kind, namespace ?? null, name]);
}

export function readAccountKey(key: string): AccountKey {
  const [plane, kind, namespace, name] = JSON.parse(key) as [
    string,
    AccountKey['kind'],
    string | null,
    string,
  ];
  return { plane, kind, namespace: namespace ?? undefined, name };
}

/** Takes a control plane into service. */
export function createPlane(
  {
    name,
    cluster,
    organizationId,
  }: Pick<RunningPlane, 'name' | 'organizationId'> & { readonly cluster: Cluster },
  parts: PlaneParts,
): RunningPlane {
  const { clock, random, logger, metrics, resyncMs, enqueue } = parts;
  const log = logger.child({ organization: name });
  const recorder = createEventRecorder({
    cluster,
    controller: 'drawbridge.internal/controller',
    instance: parts.instance,
    clock,
    logger: log,
  });
  const follow = <T extends Account>(
    kind: AccountKey['kind'],
    client: Parameters<typeof createInformer<T>>[0]['client'],
  ) =>
    createInformer<T>({
      client,
      resyncMs,
      clock,
      random,
      logger: log,
      metrics,
      onChange: (change) => {
        // What is gone has nothing left to do: our finalizer kept it until then.
        if (change.type === 'deleted') return;
        if (isOwnWrite(change, { finalizer: finalizers.serviceAccount, condition: 'Ready' })) return;
        const { metadata } = change.object;
        enqueue(writeAccountKey({ plane: name, kind, namespace: metadata.namespace, name: metadata.name }));
      },
    });
  const informers = [
    follow<ServiceAccount>('ServiceAccount', cluster.objects(serviceAccounts)),
    follow<MachineAccount>('MachineAccount', cluster.objects(machineAccounts)),
  ];
  return {
    name,
    cluster,
    organizationId: (call: CallOptions) => organizationId(call),
    event: (object: Stored<KubeObject>, event) => recorder.record(object, event),
    informers,
    serviceAccounts: {
      objects: () => cluster.objects(serviceAccounts),
      email: ({ metadata }) => serviceAccountEmail(metadata.name, name, parts.emailSuffix),
    },
    machineAccounts: {
      objects: (namespace) => cluster.objects(machineAccounts, namespace),
      email: ({ metadata }) => machineAccountEmail(metadata.uid, metadata.namespace ?? '', name),
    },
    async run(signal) {
      await Promise.all(informers.map((informer) => informer.run(signal)));
      await recorder.flush();
    },
  };
}
