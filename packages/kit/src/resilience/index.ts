export { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts';
export { withDeadline } from './deadline.ts';
export { backoff, isTransient, type RetryOptions, retry } from './retry.ts';
