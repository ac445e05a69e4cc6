export type { Consumer, HandlerContext } from './consumer.ts';
export { eraseEvents } from './erase.ts';
export { createInbox, type Inbox, type InboxOptions } from './inbox.ts';
export { lastSignIns } from './last-sign-ins.ts';
export { readEvents } from './read-events.ts';
export type { DeliveryKey, SetAside } from './set-aside.ts';
export { WakeUp } from './wake-up.ts';
