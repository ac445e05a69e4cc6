export { approveSweep, discardSweep } from './decide.ts';
export { listSweeps, showSweep } from './show.ts';
export { sync } from './sync.ts';
