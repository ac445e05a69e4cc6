export { ChangeFeed, type ChangeFeedOptions, type Listener, type Subscription } from './change-feed.ts';
export type { Change } from './change-log.ts';
export { formatPosition, isAfter, type Position, parsePosition } from './position.ts';
