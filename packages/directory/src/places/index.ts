export { type HistoryEntry, readHistory } from './history.ts';
export { look, type Seen } from './place.ts';
export { endOtherSessions, endSession, listSessions, type UserSession } from './sessions.ts';
export { readPlaces } from './user-places.ts';
