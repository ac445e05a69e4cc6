export * from './directory-client.ts';
export { type Followed, follow } from './live.ts';
