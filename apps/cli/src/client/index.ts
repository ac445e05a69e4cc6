export * from './directory-client.ts';
export { eventsOf, type Followed, follow } from './live.ts';
