export { type ConditionWait, waitForCondition } from './condition.ts';
export { waitForDeployment } from './deployment.ts';
export { waitForHooks } from './hooks.ts';
export { waitForJob } from './job.ts';
export { waitForKind } from './kind.ts';
export type { NamedWait } from './named.ts';
export { type PodWait, waitForPodReady } from './pod.ts';
export {
  type ServiceEndpoint,
  type ServiceWait,
  waitForServiceEndpoint,
} from './service-endpoint.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
export { watching } from './watched.ts';
