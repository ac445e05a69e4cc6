import type { EventPayloads, StoredEvent } from '../store/index.ts';
import { removeAdministratorsOf } from './administrators.ts';
import { removeAuthorization } from './authorizations.ts';
import { setMetadata } from './metadata.ts';
import { OrderedIds } from './ordered-ids.ts';
import { type HumanRow, type MachineRow, type UserRow, userState } from './records.ts';
import type { Reducers } from './reducers.ts';
import { endSessionsOf } from './sessions.ts';
import type { State } from './state.ts';

type Types =
  | 'user.human.added'
  | 'user.machine.added'
  | 'user.username.changed'
  | 'user.human.profile.changed'
  | 'user.machine.changed'
  | 'user.deactivated'
  | 'user.reactivated'
  | 'user.locked'
  | 'user.unlocked'
  | 'user.removed'
  | Extract<keyof EventPayloads, `user.metadata.${string}`>;

/** Changes one user and says so in its row. */
export function changeUser(state: State, event: StoredEvent, edit: (row: UserRow) => void): void {
  const row = state.users.get(event.aggregateId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
  row.sequence = event.sequence;
  state.usersVersion++;
}

/** Changes the human half of a user. */
export function changeHuman(state: State, event: StoredEvent, edit: (human: HumanRow) => void): void {
  changeUser(state, event, (row) => {
    if (row.human) edit(row.human);
  });
}

function add(
  state: State,
  event: StoredEvent<'user.human.added' | 'user.machine.added'>,
  human: HumanRow | undefined,
  machine: MachineRow | undefined,
): void {
  // Upstream's projection fails on a second user of a living id and passes the event over.
  if (state.users.has(event.aggregateId)) return;
  if (!state.userOwners.has(event.aggregateId)) state.userOwners.set(event.aggregateId, event.resourceOwner);
  const row: UserRow = {
    id: event.aggregateId,
    organizationId: event.resourceOwner,
    createdAt: event.createdAt,
    changedAt: event.createdAt,
    sequence: event.sequence,
    username: event.payload.userName,
    state: userState.active,
    human,
    machine,
    metadata: new Map(),
  };
  state.users.set(row.id, row);
  state.usernames.set(row.username.toLowerCase(), row.id);
  state.usersById.add(row.id);
  let members = state.usersOfOrganization.get(row.organizationId);
  if (!members) {
    members = new OrderedIds();
    state.usersOfOrganization.set(row.organizationId, members);
  }
  members.add(row.id);
  state.usersVersion++;
}

function setState(next: number, endsSessions: boolean) {
  return (state: State, event: StoredEvent): void => {
    changeUser(state, event, (row) => {
      row.state = next;
    });
    if (endsSessions) endSessionsOf(state, event.aggregateId);
  };
}

/** Users (internal/query/projection/user.go). */
export const userReducers: Reducers<Types> = {
  'user.human.added': (state, event) => {
    const { payload } = event;
    add(
      state,
      event,
      {
        firstName: payload.firstName,
        lastName: payload.lastName,
        nickName: payload.nickName ?? '',
        displayName: payload.displayName,
        preferredLanguage: payload.preferredLanguage ?? '',
        gender: payload.gender ?? 0,
        email: payload.email,
        emailVerified: false,
        phone: payload.phone ?? '',
        phoneVerified: false,
        passwordHash: payload.encodedHash ?? '',
        passwordChangeRequired: payload.changeRequired ?? false,
        passwordChangedAt: payload.encodedHash ? event.createdAt : 0,
        failedPasswordChecks: 0,
        emailCode: undefined,
        phoneCode: undefined,
        passwordCode: undefined,
        inviteCode: undefined,
        totp: undefined,
      },
      undefined,
    );
  },
  'user.machine.added': (state, event) => {
    const { name, description, accessTokenType } = event.payload;
    add(state, event, undefined, {
      name,
      description: description ?? '',
      accessTokenType: accessTokenType ?? 0,
      secretHash: '',
    });
  },
  'user.username.changed': (state, event) =>
    changeUser(state, event, (row) => {
      state.usernames.delete(row.username.toLowerCase());
      row.username = event.payload.userName;
      state.usernames.set(row.username.toLowerCase(), row.id);
    }),
  'user.human.profile.changed': (state, event) =>
    changeHuman(state, event, (human) => {
      Object.assign(human, event.payload);
    }),
  'user.machine.changed': (state, event) =>
    changeUser(state, event, (row) => {
      if (row.machine) Object.assign(row.machine, event.payload);
    }),
  'user.deactivated': setState(userState.inactive, true),
  'user.reactivated': setState(userState.active, false),
  'user.locked': setState(userState.locked, true),
  'user.unlocked': setState(userState.active, false),
  'user.removed': (state, event) => removeUser(state, event.aggregateId),
  'user.metadata.set': (state, event) =>
    changeUser(state, event, (row) => setMetadata(row.metadata, event.payload, event.createdAt)),
  'user.metadata.removed': (state, event) =>
    changeUser(state, event, (row) => {
      row.metadata.delete(event.payload.key);
    }),
};

/** Removes a user and what hangs on it: the cascade that upstream's projections do on `user.removed`. */
export function removeUser(state: State, id: string): void {
  const row = state.users.get(id);
  if (!row) return;
  state.users.delete(id);
  state.usernames.delete(row.username.toLowerCase());
  state.usersById.remove(id);
  state.usersOfOrganization.get(row.organizationId)?.remove(id);
  state.usersVersion++;
  endSessionsOf(state, id);
  state.idpLinks.delete(id);
  if (row.machine) {
    for (const key of state.keys.values()) if (key.subject === id) state.keys.delete(key.id);
    for (const pat of state.pats.values()) if (pat.userId === id) state.pats.delete(pat.id);
  }
  for (const authorization of state.authorizationsOfUser.get(id) ?? []) {
    removeAuthorization(state, authorization);
  }
  if (state.administratorsOfUser.has(id)) {
    removeAdministratorsOf(state, (administrator) => administrator.userId === id);
  }
}
