import type { EventPayloads, StoredEvent } from '../store/index.ts';
import type { SessionRow } from './records.ts';
import type { Reducers } from './reducers.ts';
import { addTo, removeFrom } from './sets.ts';
import type { State } from './state.ts';

type Types = Extract<keyof EventPayloads, `session.${string}`>;

function change(state: State, event: StoredEvent, edit: (row: SessionRow) => void): void {
  const row = state.sessions.get(event.aggregateId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
  row.sequence = event.sequence;
}

/** Login sessions (internal/query/projection/session.go). Expired ones stay; terminated ones go. */
export const sessionReducers: Reducers<Types> = {
  'session.added': (state, event) => {
    state.sessions.set(event.aggregateId, {
      id: event.aggregateId,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      sequence: event.sequence,
      creator: event.editor,
      userAgent: event.payload.userAgent,
      metadata: new Map(),
      userId: '',
      userOrganizationId: '',
      userCheckedAt: 0,
      passwordCheckedAt: 0,
      totpCheckedAt: 0,
      tokenId: '',
      expiresAt: undefined,
    });
  },
  'session.user.checked': (state, event) =>
    change(state, event, (row) => {
      row.userId = event.payload.userID;
      row.userOrganizationId = event.payload.userResourceOwner;
      row.userCheckedAt = Date.parse(event.payload.checkedAt);
      addTo(state.sessionsOfUser, row.userId, row.id);
    }),
  'session.password.checked': (state, event) =>
    change(state, event, (row) => {
      row.passwordCheckedAt = Date.parse(event.payload.checkedAt);
    }),
  'session.totp.checked': (state, event) =>
    change(state, event, (row) => {
      row.totpCheckedAt = Date.parse(event.payload.checkedAt);
    }),
  'session.token.set': (state, event) =>
    change(state, event, (row) => {
      row.tokenId = event.payload.tokenID;
    }),
  'session.metadata.set': (state, event) =>
    change(state, event, (row) => {
      for (const [key, value] of Object.entries(event.payload.metadata)) {
        if (value === '') row.metadata.delete(key);
        else row.metadata.set(key, value);
      }
    }),
  'session.lifetime.set': (state, event) =>
    change(state, event, (row) => {
      row.expiresAt = event.createdAt + event.payload.lifetimeMs;
    }),
  'session.terminated': (state, event) => {
    const row = state.sessions.get(event.aggregateId);
    if (!row) return;
    state.terminatedSessions.set(row.id, state.position);
    removeSession(state, row);
  },
};

/** What happens to a user's sessions and tokens when the user is deactivated, locked or removed. */
export function endSessionsOf(state: State, userId: string): void {
  state.signedOutAt.set(userId, state.position);
  for (const id of state.sessionsOfUser.get(userId) ?? []) {
    const row = state.sessions.get(id);
    if (row) removeSession(state, row);
  }
}

/** A new password voids the password factor of the sessions made with the old one. */
export function clearPasswordFactor(state: State, userId: string): void {
  for (const id of state.sessionsOfUser.get(userId) ?? []) {
    const row = state.sessions.get(id);
    if (row) row.passwordCheckedAt = 0;
  }
}

function removeSession(state: State, row: SessionRow): void {
  state.sessions.delete(row.id);
  removeFrom(state.sessionsOfUser, row.userId, row.id);
}
