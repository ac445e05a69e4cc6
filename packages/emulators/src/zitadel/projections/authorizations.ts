import type { EventPayloads, StoredEvent } from '../store/index.ts';
import { type AuthorizationRow, objectState } from './records.ts';
import type { Reducers } from './reducers.ts';
import { addTo, removeFrom } from './sets.ts';
import type { State } from './state.ts';

type Types = Extract<keyof EventPayloads, `user.grant.${string}`>;

/** The unique constraint of authorizations: organization, user, project and project grant. */
export function authorizationKey(row: {
  readonly organizationId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly grantId?: string | undefined;
}): string {
  return `${row.organizationId}/${row.userId}/${row.projectId}/${row.grantId ?? ''}`;
}

function change(state: State, event: StoredEvent, edit: (row: AuthorizationRow) => void): void {
  const row = state.authorizations.get(event.aggregateId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
  row.sequence = event.sequence;
}

const setRoles = (
  state: State,
  event: StoredEvent<'user.grant.changed' | 'user.grant.cascade.changed'>,
): void => {
  change(state, event, (row) => {
    row.roleKeys = event.payload.roleKeys;
  });
};

const remove = (state: State, event: StoredEvent): void => removeAuthorization(state, event.aggregateId);

/** Authorizations, "user grants" inside (internal/query/projection/user_grant.go). */
export const authorizationReducers: Reducers<Types> = {
  'user.grant.added': (state, event) => {
    const { userId, projectId, grantId, roleKeys } = event.payload;
    const row: AuthorizationRow = {
      id: event.aggregateId,
      organizationId: event.resourceOwner,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      sequence: event.sequence,
      userId,
      projectId,
      grantId,
      roleKeys,
      state: objectState.active,
    };
    state.authorizations.set(row.id, row);
    state.authorizationKeys.set(authorizationKey(row), row.id);
    addTo(state.authorizationsOfUser, userId, row.id);
  },
  'user.grant.changed': setRoles,
  'user.grant.cascade.changed': setRoles,
  'user.grant.deactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.inactive;
    }),
  'user.grant.reactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.active;
    }),
  'user.grant.removed': remove,
  'user.grant.cascade.removed': remove,
};

/** Removes an authorization from all its indexes. */
export function removeAuthorization(state: State, id: string): void {
  const row = state.authorizations.get(id);
  if (!row) return;
  state.authorizations.delete(id);
  state.authorizationKeys.delete(authorizationKey(row));
  removeFrom(state.authorizationsOfUser, row.userId, id);
}
