export { type HistoryEntry, readHistory } from './history.ts';
export { ownZitadel } from './own.ts';
export type { Seen } from './place.ts';
export { endOtherSessions, endSession, listSessions, type UserSession } from './sessions.ts';
export { readDevices, readPlaces } from './user-places.ts';
