import { type Journal, StateLog } from '../../shared/index.ts';
import type { NetbirdDraft, NetbirdEvent } from './events.ts';
import { State } from './state.ts';

/** The events of one account, with the tables that are computed from them. */
export type EventLog = StateLog<NetbirdDraft, { readonly initiator: string; readonly at: number }, State>;

/** An empty log, or one that goes on where a journal ends. */
export function newEventLog(journal?: Journal<NetbirdEvent>, replay?: readonly NetbirdEvent[]): EventLog {
  return new StateLog(new State(), journal, replay);
}
