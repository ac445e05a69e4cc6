export { type Clock, type SleepOptions, systemClock } from './clock.ts';
export { ManualClock } from './manual-clock.ts';
