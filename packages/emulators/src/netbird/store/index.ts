export type { EventPayloads, NetbirdDraft, NetbirdEvent, NetbirdEventType, Settings } from './events.ts';
export { type EventLog, newEventLog } from './log.ts';
export type { GroupRow, PeerRow, TokenRow, UserRow } from './records.ts';
export { defaultSettings, type State } from './state.ts';
