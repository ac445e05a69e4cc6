import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { mutatingWebhooks, postgresClusters } from '@drawbridge/stack';
import { parse, stringify } from 'yaml';
import { startApiServer } from '../../packages/kubernetes/test/support/api-server/index.ts';
import type { Release } from '../../packages/stack/src/tools/index.ts';
import { clusterKinds } from '../../packages/stack/test/kube/support/kinds.ts';
import { type PretendChartsOptions, pretendCharts } from './pretend-charts.ts';

/** What a program says and ends with. */
export interface Said {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

/** What is brought up in the cluster, and how late: everything comes in the order that hurts. */
export interface PretendCluster {
  readonly kubeconfig: string;
  /**
   * Runs a Helm command; charts bring their objects by and by.
   *
   * @param cut aborts when the program is no more: nobody then writes down how it ended
   */
  helm(args: readonly string[], stdin: string, cut: AbortSignal): Promise<Said>;
  /** What Helm writes down when it is asked to end. */
  cancelHelm(args: readonly string[]): void;
  /** Name and status of every release. */
  readonly releases: Readonly<Record<string, string>>;
  /** An object of the cluster, by kind and name. */
  find(kind: string, name: string): object | undefined;
  /** Every object, as `Kind namespace/name`, in order. */
  objects(): readonly string[];
  /** Leaves what an OpenBao left whose namespace was deleted: a webhook that nobody answers for. */
  leaveStaleWebhook(): void;
  /** Has a release that somebody made by hand. */
  addRelease(release: Pick<Release, 'name' | 'namespace' | 'status' | 'chart'>): void;
  /** How many objects of a kind there are. */
  count(kind: string): number;
  /** What containers have written, by `namespace/pod`; those of other pods wait to start. */
  readonly logs: Map<string, readonly string[]>;
  /** How often a webhook failed before it worked. */
  readonly webhookFailures: number;
  stop(): Promise<void>;
}

export interface PretendClusterOptions
  extends Pick<PretendChartsOptions, 'isSealed' | 'machineKey' | 'pauses' | 'run' | 'pace'> {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly onInstalled: (release: string) => void;
}

const failuresOfWebhook = 3;
const pathOfLog = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/;

export async function startPretendCluster(options: PretendClusterOptions): Promise<PretendCluster> {
  let webhookFailures = 0;
  const logs = new Map<string, readonly string[]>();
  const server = await startApiServer({
    kinds: clusterKinds,
    upgrade: options.upgrade,
    answer({ method, path, query }) {
      const [, namespace, pod] = pathOfLog.exec(path) ?? [];
      if (pod !== undefined) {
        const lines = logs.get(`${namespace}/${pod}`);
        if (!lines) return refusal(400, 'BadRequest', `container "main" in pod "${pod}" is waiting to start`);
        const last = lines.slice(-Number(query.get('tailLines')));
        return { status: 200, body: last.map((line) => `${line}\n`).join('') };
      }
      const isCluster = path.includes('/clusters/') && (method === 'PATCH' || method === 'POST');
      if (!isCluster || !isServed || webhookFailures >= failuresOfWebhook) return undefined;
      webhookFailures += 1;
      const message =
        'Internal error occurred: failed calling webhook "mcluster.cnpg.io": failed to call webhook: connection refused';
      return refusal(500, 'InternalError', message);
    },
  });
  let isServed = false;
  const store = server.store();
  const objects = new Map<string, Readonly<Record<string, unknown>>>();
  store.subscribe(({ type, kind, namespace, object }) => {
    const { name } = object.metadata as { readonly name: string };
    const key = `${kind.kind} ${kind.namespaced ? `${namespace}/` : ''}${name}`;
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
  });
  const keys = (kind: string) => [...objects.keys()].filter((key) => key.startsWith(`${kind} `));
  const charts = pretendCharts({
    ...options,
    store,
    servePostgres() {
      isServed = true;
      server.serve(postgresClusters);
    },
  });
  const releases = new Map<string, { readonly status: string; readonly name: string }>();
  const labels = new Map<string, string | undefined>();
  const values = new Map<string, unknown>();
  return {
    kubeconfig: kubeconfigOf(server.url),
    async helm(args, stdin, cut) {
      if (args[0] === 'version') return { stdout: 'v3.19.0' };
      const after = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
      if (args[0] === 'list') {
        const label = after('--selector');
        const all = [...releases.values()];
        const asked = label === undefined ? all : all.filter(({ name }) => labels.get(name) === label);
        return { stdout: JSON.stringify(asked) };
      }
      if (args[0] === 'get') return { stdout: JSON.stringify(values.get(args[2] ?? '') ?? null) };
      const [verb, release = '', chart = ''] = args;
      if (verb === 'uninstall') {
        charts.remove(release, values.get(release));
        releases.delete(release);
      }
      if (verb !== 'upgrade') return {};
      const former = releases.get(release)?.status;
      if (former?.startsWith('pending'))
        return { code: 1, stderr: 'Error: another operation (install/upgrade/rollback) is in progress\n' };
      const written = {
        name: release,
        namespace: after('--namespace'),
        chart: `${chart}-${after('--version')}`,
      };
      releases.set(release, { ...written, status: 'pending-install' });
      values.set(release, parse(stdin));
      labels.set(release, after('--labels'));
      const ended = former === 'deployed' ? {} : await charts.install(release, cut);
      if (cut.aborted) return ended;
      const failed = (ended.code ?? 0) !== 0;
      releases.set(release, { ...written, status: failed ? 'failed' : 'deployed' });
      if (failed) return ended;
      options.onInstalled(release);
      return ended;
    },
    cancelHelm([, release = '']) {
      const pending = releases.get(release);
      if (pending?.status.startsWith('pending')) releases.set(release, { ...pending, status: 'failed' });
    },
    get releases() {
      return Object.fromEntries([...releases.values()].map(({ name, status }) => [name, status]));
    },
    find: (kind, name) => objects.get(keys(kind).find((key) => key.split(/[ /]/).at(-1) === name) ?? ''),
    addRelease: (release) => void releases.set(release.name, release),
    leaveStaleWebhook() {
      const service = { namespace: 'openbao', name: 'openbao-agent-injector-svc' };
      const webhooks = [{ name: 'vault.hashicorp.com', clientConfig: { service } }];
      const metadata = { name: 'openbao-agent-injector-cfg' };
      store.create(mutatingWebhooks, '', { metadata, webhooks }, { manager: 'helm', dryRun: false });
    },
    objects: () => [...objects.keys()].toSorted(),
    count: (kind) => keys(kind).length,
    logs,
    get webhookFailures() {
      return webhookFailures;
    },
    async stop() {
      await charts.stop();
      await server.stop();
    },
  };
}

function refusal(code: number, reason: string, message: string) {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message };
  return { status: code, body };
}

function kubeconfigOf(server: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'k3d-drawbridge', cluster: { server } }],
    users: [{ name: 'admin@k3d-drawbridge', user: {} }],
    contexts: [
      { name: 'k3d-drawbridge', context: { cluster: 'k3d-drawbridge', user: 'admin@k3d-drawbridge' } },
    ],
    'current-context': 'k3d-drawbridge',
  });
}
