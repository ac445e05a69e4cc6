export type { RevocationChoice } from './event-types.ts';
export { createRevocations, type RevocationOptions, type Revocations } from './feed.ts';
