export { abandonRun, compensateRun, resumeRun } from './decide.ts';
export { listRuns } from './list.ts';
export { showRun } from './show.ts';
export { watchRun } from './watch.ts';
