export type { ClusterAccess, ClusterCredentials } from './access.ts';
export type { AccessReviewSpec, AccessReviewStatus } from './access-review.ts';
export { type Cluster, type ClusterOptions, createCluster, type ReadOptions } from './cluster.ts';
export { type FailedAnswer, KubernetesError, translateAnswer } from './errors.ts';
export { type Change, createInformer, type Informer, type InformerOptions } from './informer.ts';
export {
  type ConfigMap,
  configMaps,
  type Lease,
  type LeaseSpec,
  leases,
  type SecretObject,
  secrets,
} from './kinds.ts';
export { type ClusterAccessSource, loadClusterAccess } from './kubeconfig.ts';
export type {
  ApplyOptions,
  DeleteOptions,
  JsonPatchOperation,
  ListFilter,
  ObjectClient,
  Patch,
  WatchOptions,
  WriteOptions,
} from './object-client.ts';
export {
  apiVersionOf,
  type Draft,
  type KubeObject,
  type ObjectList,
  type ObjectMeta,
  type OwnerReference,
  type ResourceType,
  resourceName,
  type Stored,
  type WatchEvent,
} from './objects.ts';
