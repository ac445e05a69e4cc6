export { onShutdown, type ShutdownOptions } from './on-shutdown.ts';
export { type Part, type RunningParts, type RunOptions, runParts } from './run-parts.ts';
