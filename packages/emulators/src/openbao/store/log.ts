import { type Journal, StateLog } from '../../shared/index.ts';
import type { OpenbaoDraft, OpenbaoEvent } from './events.ts';
import { State } from './state.ts';

/** The events of one OpenBao, with the tables that are computed from them. */
export type EventLog = StateLog<OpenbaoDraft, { readonly at: number }, State>;

/** An empty log, or one that goes on where a journal ends. */
export function newEventLog(journal?: Journal<OpenbaoEvent>, replay?: readonly OpenbaoEvent[]): EventLog {
  return new StateLog(new State(), journal, replay);
}
