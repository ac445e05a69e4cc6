export { actionWords } from './action-words.ts';
export { Actor } from './actor.tsx';
export { Devices } from './devices.tsx';
export { MoreRows } from './more-rows.tsx';
export { RunSteps } from './run-steps.tsx';
export { runSentence, runTitle } from './run-words.ts';
export { SessionList } from './session-list.tsx';
export { StepList } from './step-list.tsx';
export { type Tab, Tabs } from './tabs.tsx';
