export { type Decision, decide } from './decisions.ts';
export { type EngineOptions, SagaEngine, type StartRun } from './engine.ts';
export { type RecoverOptions, recoverRuns } from './recover.ts';
export type { Saga, Step, StepContext, StepResult } from './step.ts';
export { loadRun, type Run, type StepRow } from './store.ts';
