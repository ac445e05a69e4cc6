import type { KubeObject, ResourceType } from '@drawbridge/kubernetes';
import type { Pod, PodSpec } from './pod.ts';

/** What a condition of any object says. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Any object that tells its state by conditions. */
export interface Conditioned extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Job extends KubeObject {
  readonly kind: 'Job';
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly active?: number;
    readonly failed?: number;
  };
}

export interface Deployment extends KubeObject {
  readonly kind: 'Deployment';
  readonly spec?: Replicated;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface StatefulSet extends KubeObject {
  readonly kind: 'StatefulSet';
  readonly spec?: Replicated;
}

interface Replicated {
  readonly replicas?: number;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly template?: { readonly spec?: PodSpec };
}

export interface Service extends KubeObject {
  readonly kind: 'Service';
  readonly spec?: {
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
export interface EndpointSlice extends KubeObject {
  readonly kind: 'EndpointSlice';
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
}

export interface Endpoint {
  readonly addresses: readonly string[];
  /** Ready counts as true where it is not said. */
  readonly conditions?: { readonly ready?: boolean };
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
}

/** What the cluster's parts tell of an object. */
export interface ClusterEvent extends KubeObject {
  readonly kind: 'Event';
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

export interface Namespace extends KubeObject {
  readonly kind: 'Namespace';
  readonly status?: { readonly phase?: string };
}

/** Of a node, what it has room for. */
export interface Node extends KubeObject {
  readonly kind: 'Node';
  readonly status?: { readonly allocatable?: Readonly<Record<string, string>> };
}

export interface CustomResourceDefinition extends Conditioned {
  readonly kind: 'CustomResourceDefinition';
  readonly spec?: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly kind: string };
    readonly scope?: string;
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

export interface MutatingWebhookConfiguration extends KubeObject {
  readonly kind: 'MutatingWebhookConfiguration';
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig: {
      /** Absent where it is called by URL. */
      readonly service?: { readonly namespace: string; readonly name: string };
    };
  }[];
}

/** PostgreSQL as CloudNativePG runs it. @see https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/ */
export interface PostgresCluster extends Conditioned {
  readonly kind: 'Cluster';
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly phase?: string;
    readonly phaseReason?: string;
    readonly currentPrimary?: string;
    readonly readyInstances?: number;
    readonly instances?: number;
  };
}

const core = { group: '', version: 'v1', namespaced: true } as const;
const apps = { group: 'apps', version: 'v1', namespaced: true } as const;

export const pods: ResourceType<Pod> = { ...core, kind: 'Pod', plural: 'pods' };
export const services: ResourceType<Service> = { ...core, kind: 'Service', plural: 'services' };
export const clusterEvents: ResourceType<ClusterEvent> = { ...core, kind: 'Event', plural: 'events' };
export const namespaces: ResourceType<Namespace> = {
  ...core,
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
export const nodes: ResourceType<Node> = { ...core, kind: 'Node', plural: 'nodes', namespaced: false };
export const deployments: ResourceType<Deployment> = { ...apps, kind: 'Deployment', plural: 'deployments' };
export const statefulSets: ResourceType<StatefulSet> = {
  ...apps,
  kind: 'StatefulSet',
  plural: 'statefulsets',
};
export const jobs: ResourceType<Job> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
};
export const endpointSlices: ResourceType<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
};
export const resourceDefinitions: ResourceType<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
export const mutatingWebhooks: ResourceType<MutatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  namespaced: false,
};
export const postgresClusters: ResourceType<PostgresCluster> = {
  group: 'postgresql.cnpg.io',
  version: 'v1',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: true,
};
