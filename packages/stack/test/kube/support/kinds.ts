import {
  clusterEvents,
  deployments,
  endpointSlices,
  jobs,
  mutatingWebhooks,
  nodes,
  pods,
  resourceDefinitions,
  services,
  statefulSets,
} from '../../../src/index.ts';

/** Kinds that a cluster has beside those that the stand-in for kube-apiserver has by itself. */
export const clusterKinds = [
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
