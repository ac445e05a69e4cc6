export { type Applied, type ApplyAllOptions, applyAll, type Manifest } from './apply-all.ts';
export { type DeleteResourceOptions, deleteResource } from './delete-resource.ts';
export * from './kinds.ts';
export { type Kube, type KubeOptions, openKube } from './kube.ts';
export type { Pod } from './pod.ts';
export { type PodLogsOptions, podLogs } from './pod-logs.ts';
export { type Reason, whyNotReady } from './reasons/index.ts';
export { type PodWait, type WaitOptions, waitForPodReady } from './wait/index.ts';
