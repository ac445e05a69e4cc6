import { notFound } from '../errors.ts';
import type { State, UserRow } from '../projections/index.ts';
import { enumName, present, timestamp, uint64 } from '../wire/index.ts';
import type { Answer, Handler } from './call.ts';
import { listDetails, oldPaging, pageOf } from './lists.ts';
import { accessTokenTypes, genders, userStates } from './user-fields.ts';
import { orderedUsers } from './user-order.ts';
import { userFilter } from './user-queries.ts';

/** GetUserByID: waits for the projection, so it is fresh where lists are not (internal/query/user.go). */
export const getUserById: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user) throw notFound('QUERY-Dfbg2', 'Errors.User.NotFound');
  if (user.id !== call.caller.userId) call.require('user.read', user.organizationId);
  return { details: userDetails(user), user: userMessage(user) };
};

/** ListUsers: old paging without limits, lagging, only what the caller may read (internal/query/user.go). */
export const listUsers: Handler = (call, input) => {
  const state = call.lagging;
  const paging = oldPaging(input);
  const { candidates, matches } = userFilter(state, input.messages('queries'));
  const readable = readableFilter(call);
  const { column, ids } = orderedUsers(state, input, candidates);
  const users =
    matches === undefined && readable === undefined
      ? undefined
      : ids.filter((id) => {
          const user = state.users.get(id);
          return user !== undefined && (matches?.(user) ?? true) && (readable?.(user) ?? true);
        });
  const { rows, total } = pageOf(users ?? ids, paging);
  const result = rows.map((id) => state.users.get(id)).filter((user) => user !== undefined);
  return {
    details: listDetails(state, total),
    sortingColumn: column,
    result: result.map(userMessage),
  };
};

/** ListAuthenticationMethodTypes waits for the projection; a password is the one method that is emulated. */
export const listAuthenticationMethodTypes: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (user && user.id !== call.caller.userId) call.require('user.read', user.organizationId);
  const types = user?.human?.passwordHash ? ['AUTHENTICATION_METHOD_TYPE_PASSWORD'] : [];
  return { details: listDetails(call.fresh, types.length), authMethodTypes: types };
};

/** Which users the caller may see, judged once an organization; nothing for callers who may see all. */
function readableFilter(call: Parameters<Handler>[0]): ((user: UserRow) => boolean) | undefined {
  const readsAll = [...(call.fresh.administratorsOfUser.get(call.caller.userId) ?? [])].some(
    (key) => call.fresh.administrators.get(key)?.scope === 'instance',
  );
  if (readsAll && call.permits('user.read', '')) return undefined;
  const known = new Map<string, boolean>();
  return (user) => {
    if (user.id === call.caller.userId) return true;
    let readable = known.get(user.organizationId);
    if (readable === undefined) {
      readable = call.permits('user.read', user.organizationId);
      known.set(user.organizationId, readable);
    }
    return readable;
  };
}

/** Old-style details of a user; `resourceOwner` is the only place that names its organization. */
function userDetails(user: UserRow): Answer {
  return {
    sequence: uint64(user.sequence),
    changeDate: timestamp(user.changedAt),
    resourceOwner: user.organizationId,
    creationDate: timestamp(user.createdAt),
  };
}

/** Names a user can sign in with. The default policy has no organization suffix, so it is the username alone. */
export function loginNames(user: UserRow): readonly string[] {
  return [user.username];
}

/** The display name of either kind of user. */
export function displayName(user: UserRow): string {
  return user.human?.displayName ?? user.machine?.name ?? '';
}

/** A user as the API shows it; the repeated fields inside `human` stay empty. */
function userMessage(user: UserRow): Answer {
  const { human, machine } = user;
  return {
    userId: user.id,
    details: userDetails(user),
    state: userStates[user.state],
    username: user.username,
    loginNames: loginNames(user),
    preferredLoginName: user.username,
    ...(human
      ? {
          human: {
            profile: {
              givenName: human.firstName,
              familyName: human.lastName,
              // These have explicit presence and are always there.
              nickName: present(human.nickName),
              displayName: human.displayName,
              preferredLanguage: present(human.preferredLanguage || 'und'),
              gender: genders[human.gender],
            },
            email: { email: human.email, isVerified: human.emailVerified },
            phone: { phone: human.phone, isVerified: human.phoneVerified },
            passwordChangeRequired: human.passwordChangeRequired,
            passwordChanged: human.passwordChangedAt ? timestamp(human.passwordChangedAt) : undefined,
          },
        }
      : {}),
    ...(machine
      ? {
          machine: {
            name: machine.name,
            description: machine.description,
            hasSecret: machine.secretHash !== '',
            accessTokenType: enumName(accessTokenTypes, machine.accessTokenType),
          },
        }
      : {}),
  };
}

/** The user that a command is about, or the refusal with the command's own id. */
export function existingUser(state: State, id: string, missing: string): UserRow {
  const user = state.users.get(id);
  if (!user) throw notFound(missing, 'Errors.User.NotFound');
  return user;
}
