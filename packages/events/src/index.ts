/**
 * Zitadel's events: a durable inbox that webhooks and catch-up write into, and from which each consumer applies each
 * event once.
 */

export * from './actions/index.ts';
export * from './catch-up/index.ts';
export * from './database/index.ts';
export type { EventBody, EventPayload, EventSource, ZitadelEvent } from './event/index.ts';
export * from './executions/index.ts';
export {
  type Consumer,
  createInbox,
  type DeliveryKey,
  type EffectContext,
  eraseEvents,
  type HandlerContext,
  type IdentitySignIn,
  type Inbox,
  type InboxOptions,
  identitySignIns,
  lastSignIns,
  listedInstances,
  providerOfSignIn,
  readEvents,
  type SetAside,
} from './inbox/index.ts';
export * from './receiver/index.ts';
export * from './revocation/index.ts';
