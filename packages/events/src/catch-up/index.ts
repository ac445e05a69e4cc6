export { type CatchUp, type CatchUpOptions, createCatchUp, type Pass } from './catch-up.ts';
export { createEventReader, type EventQuery, type EventReader } from './reader.ts';
