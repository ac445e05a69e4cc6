export { type LockWait, locked } from './locked.ts';
export { unlessAborted } from './unless-aborted.ts';
