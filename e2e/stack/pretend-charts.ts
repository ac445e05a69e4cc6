import type { KubeObject, ResourceType } from '@drawbridge/kubernetes';
import { secrets } from '@drawbridge/kubernetes';
import {
  type Deployment,
  deployments,
  endpointSlices,
  type Pod,
  pods,
  postgresClusters,
  resourceDefinitions,
  services,
} from '@drawbridge/stack';
import type { ApiServer } from '../../packages/kubernetes/test/support/api-server/index.ts';
import type { Pauses } from './pauses.ts';

/** Where what charts bring can be held: the operator's pods, the primary, the hooks. */
export type ChartPause = 'postgres' | 'database' | 'zitadel';

export interface PretendChartsOptions {
  readonly store: ReturnType<ApiServer['store']>;
  /** Serves CloudNativePG's kind from now on. */
  readonly servePostgres: () => void;
  readonly isSealed: () => Promise<boolean>;
  /** What the chart writes into a Secret for the machine user of the first instance. */
  readonly machineKey: string;
  readonly pauses: Pick<Pauses<ChartPause>, 'pass'>;
  /** Runs what a container of a Deployment that is applied there would, until the end. */
  readonly run: (args: readonly string[]) => Promise<void>;
  /** Factor of all times. */
  readonly pace: number;
}

/** What charts bring into the cluster, by and by, and in the order that hurts. */
export interface PretendCharts {
  /** As Helm does, up to the end of the hooks, which go on where Helm is cut off. */
  install(release: string, cut: AbortSignal): Promise<{ readonly code?: number; readonly stderr?: string }>;
  /** Takes away what belongs to a release; kinds stay, and what its jobs made, unless the values have it cleaned up. */
  remove(release: string, values: unknown): void;
  stop(): Promise<void>;
}

export function pretendCharts(options: PretendChartsOptions): PretendCharts {
  const { store, pauses, pace, machineKey } = options;
  const write = { manager: 'pretend', dryRun: false };
  const timers = new Set<NodeJS.Timeout>();
  let looking = Promise.resolve();
  let stopped = false;
  const later = (ms: number, work: () => void) => {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms * pace);
    timers.add(timer);
  };
  type Kind = ResourceType<KubeObject>;
  const has = (kind: Kind, namespace: string, name: string) =>
    store.list(kind, namespace).some((one) => nameOf(one) === name);
  const put = (kind: Kind, namespace: string, object: { readonly metadata: { readonly name: string } }) => {
    const { name } = object.metadata;
    const there = store
      .list(kind, kind.namespaced ? namespace : undefined)
      .find((one) => nameOf(one) === name);
    const content = structuredClone(object) as unknown as Record<string, unknown>;
    if (there)
      store.replace(kind, namespace, name, { ...there, ...content, metadata: there.metadata }, write);
    else store.create(kind, namespace, content, write);
  };
  const pod = (
    namespace: string,
    name: string,
    status: object,
    { node = { nodeName: 'node-1' }, labels = {} }: { readonly node?: object; readonly labels?: object } = {},
  ) =>
    put(pods, namespace, {
      metadata: { name, labels: { app: name, ...labels } },
      spec: { ...node, containers: [{ name: 'main', image: 'example' }] },
      status,
    } as never);
  const ready = (is: boolean) => ({
    phase: 'Running',
    conditions: [{ type: 'Ready', status: is ? 'True' : 'False' }],
    containerStatuses: [{ name: 'main', ready: is, state: { running: {} } }],
  });
  const deployment = (namespace: string, name: string, available: boolean) => {
    put(deployments, namespace, {
      metadata: { name },
      spec: { replicas: 1, selector: { matchLabels: { app: name } } },
      status: available
        ? { observedGeneration: 99, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }
        : { observedGeneration: 0 },
    } as never);
    if (available) pod(namespace, `${name}-7d9f4-x7k2p`, ready(true));
  };
  const endpoint = (namespace: string, service: string, ports: readonly object[], target: string) => {
    put(services, namespace, { metadata: { name: service }, spec: { ports } } as never);
    put(endpointSlices, namespace, {
      metadata: { name: `${service}-x7k2p`, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports,
      endpoints: [
        {
          addresses: ['10.42.0.9'],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', name: target, namespace },
        },
      ],
    } as never);
  };
  deployment('kube-system', 'coredns', true);

  /** The operator: its pods are ready before its kind is there, the kind is there before it is served, and its webhook fails at first. */
  const installPostgres = async () => {
    deployment('cnpg-system', 'cnpg-cloudnative-pg', false);
    await pauses.pass('postgres');
    later(300, () => deployment('cnpg-system', 'cnpg-cloudnative-pg', true));
    const definition = (established: boolean) =>
      put(resourceDefinitions, '', {
        metadata: { name: 'clusters.postgresql.cnpg.io' },
        spec: {
          group: 'postgresql.cnpg.io',
          names: { kind: 'Cluster', plural: 'clusters' },
          scope: 'Namespaced',
          versions: [{ name: 'v1', served: true }],
        },
        status: { conditions: [{ type: 'Established', status: established ? 'True' : 'False' }] },
      } as never);
    later(500, () => definition(false));
    later(900, () => definition(true));
    later(1_500, options.servePostgres);
    return {};
  };
  /** A primary takes its time, and its Service comes after it. */
  store.subscribe(({ type, kind, object }) => {
    if (type !== 'ADDED' || kind.kind !== 'Cluster') return;
    const status = (content: object) =>
      put(postgresClusters, 'zitadel', { metadata: { name: nameOf(object) }, status: content } as never);
    const healthy = async () => {
      await pauses.pass('database');
      status({ phase: 'Cluster in healthy state', conditions: [{ type: 'Ready', status: 'True' }] });
      pod('zitadel', 'zitadel-db-1', ready(true));
      later(500, () => endpoint('zitadel', 'zitadel-db-rw', [{ port: 5_432 }], 'zitadel-db-1'));
    };
    later(200, () => status({ phase: 'Setting up primary', conditions: [] }));
    later(700, () => void healthy());
  });
  /** The one program of ours that runs there is the relay. */
  store.subscribe(({ type, kind, namespace, object }) => {
    if (type !== 'ADDED' || kind.kind !== 'Deployment' || nameOf(object) !== 'drawbridge-relay') return;
    const { spec } = object as unknown as Deployment;
    const { args = [] } = (spec?.template?.spec?.containers?.[0] ?? {}) as { readonly args?: string[] };
    void options.run(args).then(() => {
      const status = { observedGeneration: 99, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
      put(deployments, namespace, { metadata: { name: nameOf(object) }, status } as never);
    });
  });
  const setupPod = 'zitadel-setup-b9qwz';
  const isSettingUp = () =>
    store
      .list(pods, 'zitadel')
      .some((one) => nameOf(one) === setupPod && (one as unknown as Pod).status?.phase === 'Running');
  let setUp: 'not' | 'cut short' | 'done' = 'not';
  /** The first instance is made once; its key is written by who made it, or never. */
  const runSetup = async () => {
    const labels = { 'job-name': 'zitadel-setup' };
    pod('zitadel', setupPod, ready(true), { labels });
    await pauses.pass('zitadel');
    if (stopped || !isSettingUp()) return;
    if (setUp === 'not')
      put(secrets, 'zitadel', {
        metadata: { name: 'iam-admin' },
        data: { 'iam-admin.json': Buffer.from(machineKey).toString('base64') },
      } as never);
    setUp = setUp === 'not' ? 'done' : setUp;
    pod('zitadel', setupPod, { phase: 'Succeeded' }, { labels });
  };
  /** Hooks that hang where the database is not there, and a pod that no node takes at first. */
  const installZitadel = async (cut: AbortSignal) => {
    const needs = [
      has(endpointSlices, 'zitadel', 'zitadel-db-rw-x7k2p'),
      has(secrets, 'zitadel', 'zitadel-masterkey'),
      has(secrets, 'zitadel', 'zitadel-first-admin'),
    ];
    if (needs.includes(false))
      return { code: 1, stderr: 'Error: failed pre-install: job zitadel-init failed: DeadlineExceeded\n' };
    const message = '0/1 nodes are available: 1 Insufficient memory.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    // Hooks of an earlier Helm are deleted before they are made again, whatever they are about.
    if (isSettingUp()) setUp = 'cut short';
    if (has(pods, 'zitadel', setupPod)) store.delete(pods, 'zitadel', setupPod, { dryRun: false });
    pod('zitadel', 'zitadel-init-x7k2p', { phase: 'Pending', conditions }, { node: {} });
    await new Promise<void>((resolve) => later(4_000, resolve));
    pod('zitadel', 'zitadel-init-x7k2p', { phase: 'Succeeded' });
    if (cut.aborted) return {};
    await runSetup();
    if (cut.aborted) return {};
    deployment('zitadel', 'zitadel', false);
    later(500, () => deployment('zitadel', 'zitadel', true));
    return {};
  };
  /** A sealed OpenBao runs and is not ready; its Service leads to it all the same. */
  const installOpenbao = async () => {
    pod('openbao', 'openbao-0', { phase: 'Pending', conditions: [] });
    endpoint('openbao', 'openbao', [{ name: 'http', port: 8_200 }], 'openbao-0');
    const tell = async () => {
      const sealed = await options.isSealed();
      if (!has(pods, 'openbao', 'openbao-0')) return;
      pod('openbao', 'openbao-0', ready(!sealed));
      look(300);
    };
    const look = (ms: number) =>
      later(ms, () => {
        looking = tell();
      });
    look(400);
    return {};
  };
  type Install = (cut: AbortSignal) => Promise<{ code?: number; stderr?: string }>;
  const installs: Readonly<Record<string, Install>> = {
    cnpg: installPostgres,
    zitadel: installZitadel,
    openbao: installOpenbao,
  };
  const belongs: Readonly<Record<string, readonly string[]>> = {
    cnpg: ['cnpg-system/cnpg-cloudnative-pg', 'cnpg-system/cnpg-cloudnative-pg-7d9f4-x7k2p'],
    zitadel: ['zitadel/zitadel', 'zitadel/zitadel-7d9f4-x7k2p'],
    openbao: ['openbao/openbao-0', 'openbao/openbao', 'openbao/openbao-x7k2p'],
  };
  return {
    install: async (release, cut) => (await installs[release]?.(cut)) ?? {},
    remove(release, values) {
      const { cleanupJob } = (values ?? {}) as { readonly cleanupJob?: { readonly enabled?: boolean } };
      if (release === 'zitadel' && cleanupJob?.enabled !== false && has(secrets, 'zitadel', 'iam-admin'))
        store.delete(secrets, 'zitadel', 'iam-admin', { dryRun: false });
      for (const [namespace = '', name = ''] of (belongs[release] ?? []).map((path) => path.split('/')))
        for (const kind of [deployments, pods, services, endpointSlices])
          if (has(kind, namespace, name)) store.delete(kind, namespace, name, { dryRun: false });
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await looking;
    },
  };
}

function nameOf(object: Readonly<Record<string, unknown>>): string {
  return (object.metadata as { readonly name: string }).name;
}
