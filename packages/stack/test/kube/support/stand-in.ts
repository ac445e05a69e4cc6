import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject, ResourceType } from '@drawbridge/kubernetes';
import { onTestFinished } from 'vitest';
import {
  type ApiServer,
  type ApiServerOptions,
  startApiServer,
} from '../../../../kubernetes/test/support/api-server/index.ts';
import { type Kube, openKube, type Pod } from '../../../src/index.ts';
import { clusterKinds } from './kinds.ts';

/** A stand-in for kube-apiserver, opened by a kubeconfig, and what puts objects into it. Gone with the test. */
export interface StandIn {
  readonly server: ApiServer;
  readonly kube: Kube;
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  put<T extends KubeObject>(type: ResourceType<T>, object: Loose<T>): void;
  change<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string, change: object): void;
  remove<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): void;
}

/** An object as a test writes it: its kind says the rest. */
type Loose<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly metadata: Omit<Partial<T['metadata']>, 'name'> & { readonly name: string };
};

/** @param access what the kubeconfig says of user and cluster beside the address */
export async function openStandIn(
  options: ApiServerOptions = {},
  access: { readonly user?: object; readonly cluster?: object } = {},
): Promise<StandIn> {
  const server = await startApiServer({ ...options, kinds: [...clusterKinds, ...(options.kinds ?? [])] });
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-kube-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(server.url, access), { mode: 0o600 });
  const kube = await openKube({ kubeconfig });
  onTestFinished(async () => {
    await kube.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const write = { manager: 'test', dryRun: false };
  return {
    server,
    kube,
    kubeconfig,
    put: (type, object) =>
      void server
        .store()
        .create(
          type,
          object.metadata.namespace ?? '',
          structuredClone(object) as Record<string, unknown>,
          write,
        ),
    change(type, namespace, name, change) {
      const present = server.store().get(type, namespace, name);
      server.store().replace(type, namespace, name, { ...present, ...change }, write);
    },
    remove: (type, namespace, name) => void server.store().delete(type, namespace, name, { dryRun: false }),
  };
}

/** A kubeconfig of one context. */
function kubeconfigOf(
  server: string,
  { user = {}, cluster = {} }: { readonly user?: object; readonly cluster?: object } = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, ...cluster } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test-context', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test-context',
  });
}

/** A pod with this status; on a node, unless the status says that none takes it. */
export function podOf(
  name: string,
  status: NonNullable<Pod['status']>,
  more: {
    readonly labels?: Record<string, string>;
    readonly spec?: Pod['spec'];
    readonly namespace?: string;
  } = {},
): Pod {
  const unscheduled = status.conditions?.some((one) => one.type === 'PodScheduled' && one.status === 'False');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: more.namespace ?? 'zitadel', labels: more.labels ?? { app: 'zitadel' } },
    spec: {
      ...(unscheduled ? {} : { nodeName: 'node-1' }),
      containers: [{ name: 'main', image: 'ghcr.io/zitadel/zitadel:v4.13.0' }],
      ...more.spec,
    },
    status,
  };
}

/** A pod that is ready. */
export function readyPod(name: string, labels?: Record<string, string>): Pod {
  return podOf(
    name,
    {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'main', ready: true, state: { running: {} } }],
    },
    labels ? { labels } : {},
  );
}
