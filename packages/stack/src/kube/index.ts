export { type Applied, type ApplyAllOptions, applyAll, type Manifest } from './apply-all.ts';
export { type DeleteResourceOptions, deleteResource } from './delete-resource.ts';
export * from './kinds.ts';
export { type Kube, type KubeOptions, openKube } from './kube.ts';
export type { Pod } from './pod.ts';
export { type PodLogsOptions, podLogs } from './pod-logs.ts';
export { type Reason, whyNotReady } from './reasons/index.ts';
export { removeStaleWebhook } from './remove-stale-webhook.ts';
export {
  type ExecOptions,
  type ExecResult,
  execCapture,
  type PortForward,
  type PortForwardOptions,
  portForward,
} from './streams/index.ts';
export {
  type ConditionWait,
  type NamedWait,
  type PodWait,
  type ServiceEndpoint,
  type ServiceWait,
  type WaitOptions,
  waitForCondition,
  waitForDeployment,
  waitForHooks,
  waitForJob,
  waitForKind,
  waitForPodReady,
  waitForServiceEndpoint,
} from './wait/index.ts';
export { withdraw } from './withdraw.ts';
