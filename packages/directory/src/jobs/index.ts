export { type JobData, Jobs, type JobsOptions } from './jobs.ts';
