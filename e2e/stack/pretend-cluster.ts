import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { KubeObject, ResourceType } from '@drawbridge/kubernetes';
import {
  clusterEvents,
  deployments,
  endpointSlices,
  jobs,
  mutatingWebhooks,
  nodes,
  pods,
  postgresClusters,
  resourceDefinitions,
  services,
  statefulSets,
} from '@drawbridge/stack';
import { parse, stringify } from 'yaml';
import { startApiServer } from '../../packages/kubernetes/test/support/api-server/index.ts';

/** What is brought up in the cluster, and how late: everything comes in the order that hurts. */
export interface PretendCluster {
  readonly kubeconfig: string;
  /** Runs a Helm command; charts bring their objects by and by. */
  helm(args: readonly string[], stdin: string): Promise<{ stdout?: string; stderr?: string; code?: number }>;
  /** An object of the cluster, by kind and name. */
  find(kind: string, name: string): object | undefined;
  /** How many objects of a kind there are. */
  count(kind: string): number;
  /** How often a webhook failed before it worked. */
  readonly webhookFailures: number;
  stop(): Promise<void>;
}

export interface PretendClusterOptions {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly isSealed: () => Promise<boolean>;
  readonly machineKey: string;
  readonly onInstalled: (release: string) => void;
}

const failuresOfWebhook = 3;
const kinds = [
  pods,
  services,
  clusterEvents,
  nodes,
  deployments,
  statefulSets,
  jobs,
  endpointSlices,
  resourceDefinitions,
  mutatingWebhooks,
];

export async function startPretendCluster(options: PretendClusterOptions): Promise<PretendCluster> {
  let webhookFailures = 0;
  const server = await startApiServer({
    kinds,
    upgrade: options.upgrade,
    answer({ method, path }) {
      const isCluster = path.includes('/clusters/') && (method === 'PATCH' || method === 'POST');
      if (!isCluster || !isServed || webhookFailures >= failuresOfWebhook) return undefined;
      webhookFailures += 1;
      const message =
        'Internal error occurred: failed calling webhook "mcluster.cnpg.io": failed to call webhook: connection refused';
      return {
        status: 500,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'InternalError',
          code: 500,
          message,
        },
      };
    },
  });
  let isServed = false;
  const store = server.store();
  const write = { manager: 'pretend', dryRun: false };
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  const put = (type: ResourceType<KubeObject>, namespace: string, object: { metadata: { name: string } }) => {
    const { name } = object.metadata;
    const there = store
      .list(type, type.namespaced ? namespace : undefined)
      .find((one) => nameOf(one) === name);
    const content = structuredClone(object) as unknown as Record<string, unknown>;
    if (there)
      store.replace(type, namespace, name, { ...there, ...content, metadata: there.metadata }, write);
    else store.create(type, namespace, content, write);
  };
  const deployment = (namespace: string, name: string, available: boolean) =>
    put(deployments, namespace, {
      metadata: { name },
      spec: { replicas: 1, selector: { matchLabels: { app: name } } },
      status: available
        ? { observedGeneration: 99, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }
        : { observedGeneration: 0 },
    } as never);
  const pod = (namespace: string, name: string, status: object, node: object = { nodeName: 'node-1' }) =>
    put(pods, namespace, {
      metadata: { name, labels: { app: name } },
      spec: { ...node, containers: [{ name: 'main', image: 'example' }] },
      status,
    } as never);
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
  const installPostgres = () => {
    deployment('cnpg-system', 'cnpg-cloudnative-pg', false);
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
    later(1_500, () => {
      isServed = true;
      server.serve(postgresClusters);
    });
  };
  /** A primary takes its time, and its Service comes after it. */
  store.subscribe(({ type, kind, object }) => {
    if (type !== 'ADDED' || kind.kind !== 'Cluster') return;
    const status = (content: object) =>
      put(postgresClusters, 'zitadel', { metadata: { name: nameOf(object) }, status: content } as never);
    later(200, () => status({ phase: 'Setting up primary', conditions: [] }));
    later(700, () =>
      status({ phase: 'Cluster in healthy state', conditions: [{ type: 'Ready', status: 'True' }] }),
    );
    later(1_200, () => endpoint('zitadel', 'zitadel-db-rw', [{ port: 5_432 }], 'zitadel-db-1'));
  });
  const has = (type: ResourceType<KubeObject>, namespace: string, name: string) =>
    store.list(type, namespace).some((one) => nameOf(one) === name);
  const secretKind = {
    group: '',
    version: 'v1',
    kind: 'Secret',
    plural: 'secrets',
    namespaced: true,
  } as never;
  /** Hooks that hang where the database is not there, and a pod that no node takes at first. */
  const installZitadel = async () => {
    const needs = [
      has(endpointSlices, 'zitadel', 'zitadel-db-rw-x7k2p'),
      has(secretKind, 'zitadel', 'zitadel-masterkey'),
      has(secretKind, 'zitadel', 'zitadel-first-admin'),
    ];
    if (needs.includes(false))
      return { code: 1, stderr: 'Error: failed pre-install: job zitadel-init failed: DeadlineExceeded\n' };
    const message = '0/1 nodes are available: 1 Insufficient memory.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    pod('zitadel', 'zitadel-init-x7k2p', { phase: 'Pending', conditions }, {});
    await new Promise<void>((resolve) => later(4_000, resolve));
    store.delete(pods, 'zitadel', 'zitadel-init-x7k2p', { dryRun: false });
    if (!has(secretKind, 'zitadel', 'iam-admin'))
      put(secretKind, 'zitadel', {
        metadata: { name: 'iam-admin' },
        data: { 'iam-admin.json': Buffer.from(options.machineKey).toString('base64') },
      } as never);
    deployment('zitadel', 'zitadel', false);
    later(500, () => deployment('zitadel', 'zitadel', true));
    return {};
  };
  /** A sealed OpenBao runs and is not ready; its Service leads to it all the same. */
  const installOpenbao = () => {
    pod('openbao', 'openbao-0', { phase: 'Pending', conditions: [] });
    endpoint('openbao', 'openbao', [{ name: 'http', port: 8_200 }], 'openbao-0');
    const tell = async () => {
      const ready = !(await options.isSealed());
      pod('openbao', 'openbao-0', {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
        containerStatuses: [{ name: 'main', ready, state: { running: {} } }],
      });
      later(300, () => void tell());
    };
    later(400, () => void tell());
  };
  const releases = new Map<string, object>();
  const values = new Map<string, unknown>();
  return {
    kubeconfig: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'k3d-drawbridge', cluster: { server: server.url } }],
      users: [{ name: 'admin@k3d-drawbridge', user: {} }],
      contexts: [
        { name: 'k3d-drawbridge', context: { cluster: 'k3d-drawbridge', user: 'admin@k3d-drawbridge' } },
      ],
      'current-context': 'k3d-drawbridge',
    }),
    async helm(args, stdin) {
      if (args[0] === 'version') return { stdout: 'v3.19.0' };
      if (args[0] === 'list') return { stdout: JSON.stringify([...releases.values()]) };
      if (args[0] === 'get') return { stdout: JSON.stringify(values.get(args[2] ?? '') ?? null) };
      const [verb, release = '', chart = ''] = args;
      if (verb === 'uninstall') releases.delete(release);
      if (verb !== 'upgrade') return {};
      const isNew = !releases.has(release);
      const namespace = args[args.indexOf('--namespace') + 1];
      const version = args[args.indexOf('--version') + 1];
      if (isNew && release === 'cnpg') installPostgres();
      const ended = isNew && release === 'zitadel' ? await installZitadel() : {};
      if ('code' in ended) return ended;
      if (isNew && release === 'openbao') installOpenbao();
      values.set(release, parse(stdin));
      releases.set(release, { name: release, namespace, status: 'deployed', chart: `${chart}-${version}` });
      options.onInstalled(release);
      return ended;
    },
    find: (kind, name) => findIn(store, kind).find((one) => nameOf(one) === name),
    count: (kind) => findIn(store, kind).length,
    get webhookFailures() {
      return webhookFailures;
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await server.stop();
    },
  };
}

type Store = ReturnType<Awaited<ReturnType<typeof startApiServer>>['store']>;
type Stored = ReturnType<Store['list']>[number];

function findIn(store: Store, kind: string): readonly Stored[] {
  const all = [
    ...kinds,
    postgresClusters,
    { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
    { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true },
    { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
  ];
  const type = all.find((one) => one.kind === kind);
  return type ? store.list(type, undefined) : [];
}

function nameOf(object: Stored): string {
  return (object.metadata as { readonly name: string }).name;
}
