export { type Decided, type Decision, decide } from './decisions.ts';
export { SagaEngine } from './engine.ts';
export type { EngineOptions, StartRun } from './engine-options.ts';
export { forgetExchanges } from './forget-exchanges.ts';
export { type ListRuns, listRuns, type RunPage, type WithoutRuns } from './list.ts';
export { type RecoverOptions, recoverRuns } from './recover.ts';
export type { Saga, Step, StepContext, StepPlace, StepResult } from './step.ts';
export { loadRun, type Run, type StepRow } from './store.ts';
export { wakeLate } from './wake.ts';
