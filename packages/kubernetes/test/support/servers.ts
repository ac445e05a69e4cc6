import { Secret } from '@drawbridge/kit';
import {
  type Cluster,
  type ClusterAccess,
  createCluster,
  customResourceDefinitions,
  machineAccounts,
  miloDefinitions,
  projects,
  serviceAccounts,
  userDeactivations,
  users,
} from '../../src/index.ts';
import { type ApiServer, type ServedKind, startApiServer } from './api-server/index.ts';
import { kubeAssets, startKubeApiserver } from './kube-apiserver.ts';
import { until } from './until.ts';

/** A kube-apiserver with Milo's kinds, whichever it is. */
export interface TestServer {
  readonly access: ClusterAccess;
  /** Writes a kubeconfig and returns its path; on the real one alone. */
  readonly kubeconfig?: () => Promise<string>;
  /** What can be broken, where it is the stand-in. */
  readonly standIn?: ApiServer;
  stop(): Promise<void>;
}

const miloKinds: readonly ServedKind[] = [
  users,
  userDeactivations,
  serviceAccounts,
  machineAccounts,
  projects,
].map((type) => ({ ...type, status: true }));

export async function startStandIn(): Promise<TestServer & { readonly standIn: ApiServer }> {
  const standIn = await startApiServer({ kinds: miloKinds });
  return {
    access: { server: standIn.url, credentials: async () => ({}) },
    standIn,
    stop: () => standIn.stop(),
  };
}

/** Installs Milo's kinds and waits until they are served. */
export async function installMilo(cluster: Cluster): Promise<void> {
  for (const definition of miloDefinitions())
    await cluster.objects(customResourceDefinitions).apply(definition);
  for (const type of [users, userDeactivations, serviceAccounts, machineAccounts, projects])
    await until(async () => {
      await cluster.objects(type as unknown as typeof users).list();
      return true;
    });
}

async function startReal(): Promise<TestServer> {
  const server = await startKubeApiserver();
  const access: ClusterAccess = {
    server: server.url,
    credentials: async () => ({ token: new Secret(server.token), ca: server.ca }),
  };
  const cluster = createCluster({ access });
  try {
    await installMilo(cluster);
  } finally {
    await cluster.close();
  }
  return { access, kubeconfig: () => server.kubeconfig(), stop: () => server.stop() };
}

/** Both kinds of servers, for suites that hold on each; the real one where KUBEBUILDER_ASSETS is given. */
export const servers: readonly {
  readonly title: string;
  readonly given: boolean;
  readonly start: () => Promise<TestServer>;
}[] = [
  { title: 'the stand-in', given: true, start: startStandIn },
  { title: 'a real kube-apiserver (KUBEBUILDER_ASSETS)', given: kubeAssets !== undefined, start: startReal },
];
