export {
  createEventExecutions,
  type EnsuredExecutions,
  type EventExecutions,
  type EventExecutionsOptions,
  type ProbeOptions,
} from './executions.ts';
export { type ExecutionChange, type ExecutionPlan, targetsOfEvent } from './plan.ts';
export {
  type RemovedExecutions,
  type RemoveEventExecutionsOptions,
  removeEventExecutions,
} from './remove.ts';
