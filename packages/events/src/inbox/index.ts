export type { Consumer, EffectContext, HandlerContext } from './consumer.ts';
export { eraseEvents } from './erase.ts';
export { type IdentitySignIn, identitySignIns, providerOfSignIn } from './identity-sign-ins.ts';
export { createInbox, type Inbox, type InboxOptions } from './inbox.ts';
export { lastSignIns } from './last-sign-ins.ts';
export { listedInstances } from './listed-instances.ts';
export { readEvents } from './read-events.ts';
export type { DeliveryKey, SetAside } from './set-aside.ts';
export { WakeUp } from './wake-up.ts';
