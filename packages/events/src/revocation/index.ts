export { type RevocationChoice, revocationTypes } from './event-types.ts';
export { createRevocations, type RevocationOptions, type Revocations } from './feed.ts';
