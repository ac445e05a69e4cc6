import type { State, UserRow } from '../projections/index.ts';
import type { Message } from '../wire/index.ts';
import { compare } from './lists.ts';
import { displayName } from './user-read.ts';

const columns = [
  'UNSPECIFIED',
  'USER_NAME',
  'FIRST_NAME',
  'LAST_NAME',
  'NICK_NAME',
  'DISPLAY_NAME',
  'EMAIL',
  'STATE',
  'TYPE',
  'CREATION_DATE',
].map((name) => `USER_FIELD_NAME_${name}`);

/** What each column sorts by; texts without regard to case, as upstream does. */
const keys: readonly ((user: UserRow) => string | number)[] = [
  (user) => user.id,
  (user) => user.username.toLowerCase(),
  (user) => user.human?.firstName.toLowerCase() ?? '',
  (user) => user.human?.lastName.toLowerCase() ?? '',
  (user) => user.human?.nickName.toLowerCase() ?? '',
  (user) => displayName(user).toLowerCase(),
  (user) => user.human?.email.toLowerCase() ?? '',
  (user) => user.state,
  (user) => (user.human ? 1 : 2),
  (user) => user.createdAt,
];

interface Cache {
  version: number;
  readonly sorted: Map<string, readonly string[]>;
}

const caches = new WeakMap<State, Cache>();

/**
 * User ids in the order of the asked column, ascending. By id they are always in order. By creation date the rows' own
 * order is it, since the log is in order of time. Every other column is sorted once and kept until a user changes, so
 * that a scan in pages does not sort for each page.
 */
export function orderedUsers(
  state: State,
  input: Message,
  candidates: { readonly key: string; readonly ids: readonly string[] },
): { readonly column: string | undefined; readonly ids: readonly string[] } {
  const column = input.enum('sortingColumn', columns);
  if (column === 0) return { column: undefined, ids: candidates.ids };
  let cache = caches.get(state);
  if (cache?.version !== state.usersVersion) {
    cache = { version: state.usersVersion, sorted: new Map() };
    caches.set(state, cache);
  }
  const key = `${column}/${candidates.key}`;
  let ids = cache.sorted.get(key);
  if (!ids) {
    ids = sortIds(state, candidates.ids, keys[column] ?? ((user) => user.id));
    // Lists of single ids are as many as there are questions: not worth keeping.
    if (candidates.key !== '') cache.sorted.set(key, ids);
  }
  return { column: columns[column], ids };
}

function sortIds(
  state: State,
  ids: readonly string[],
  keyOf: (user: UserRow) => string | number,
): readonly string[] {
  return ids
    .map((id) => ({ id, key: keyOf(state.users.get(id) as UserRow) }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.id, b.id))
    .map((entry) => entry.id);
}
