import { invalidArgument } from '../errors.ts';
import type { State, UserRow } from '../projections/index.ts';
import { invalid, type Message } from '../wire/index.ts';
import { textMatcher, textMethodOf } from './lists.ts';
import { userStates } from './user-fields.ts';
import { displayName, loginNames } from './user-read.ts';

type Matcher = (user: UserRow) => boolean;

const userTypes = ['TYPE_UNSPECIFIED', 'TYPE_HUMAN', 'TYPE_MACHINE'];
const byteMethods = ['BYTE_FILTER_METHOD_EQUALS', 'BYTE_FILTER_METHOD_NOT_EQUALS'];
const deepest = 20;

/** Every query kind of ListUsers and what it compares (internal/api/grpc/user/v2/query.go). */
const kinds: Readonly<Record<string, (input: Message, depth: number) => Matcher>> = {
  userNameQuery: (input) => text(input, 'userName', (user) => user.username),
  firstNameQuery: (input) => text(input, 'firstName', (user) => user.human?.firstName),
  lastNameQuery: (input) => text(input, 'lastName', (user) => user.human?.lastName),
  nickNameQuery: (input) => text(input, 'nickName', (user) => user.human?.nickName),
  displayNameQuery: (input) => text(input, 'displayName', displayName),
  emailQuery: (input) => text(input, 'emailAddress', (user) => user.human?.email),
  phoneQuery: (input) => text(input, 'number', (user) => user.human?.phone),
  loginNameQuery: (input) => {
    const matches = textMatcher(input, 'loginName');
    return (user) => loginNames(user).some(matches);
  },
  stateQuery: (input) => {
    const wanted = input.enum('state', userStates);
    return (user) => user.state === wanted;
  },
  typeQuery: (input) => {
    const wanted = input.enum('type', userTypes);
    return (user) => (user.human ? 1 : 2) === wanted;
  },
  inUserIdsQuery: (input) => {
    const ids = new Set(input.strings('userIds'));
    return (user) => ids.has(user.id);
  },
  inUserEmailsQuery: (input) => {
    const emails = new Set(input.strings('userEmails'));
    return (user) => user.human !== undefined && emails.has(user.human.email);
  },
  organizationIdQuery: (input) => {
    const id = input.id('organizationId');
    return (user) => user.organizationId === id;
  },
  metadataKeyFilter: (input) => {
    const matches = textMatcher(input, 'key');
    return (user) => [...user.metadata.keys()].some(matches);
  },
  metadataValueFilter: (input) => {
    const wanted = input.bytes('value') ?? '';
    const equal = input.enum('method', byteMethods) === 0;
    return (user) => [...user.metadata.values()].some((row) => (row.value === wanted) === equal);
  },
  orQuery: (input, depth) => {
    const any = input.messages('queries').map((query) => matcherOf(query, depth + 1));
    return (user) => any.some((matches) => matches(user));
  },
  andQuery: (input, depth) => {
    const all = input.messages('queries').map((query) => matcherOf(query, depth + 1));
    return (user) => all.every((matches) => matches(user));
  },
  notQuery: (input, depth) => {
    const matches = matcherOf(input.requiredMessage('query'), depth + 1);
    return (user) => !matches(user);
  },
};

/**
 * Turns queries, ANDed, into the smallest set of candidates an index gives (ids ascending) and what is left to check.
 */
export function userFilter(
  state: State,
  queries: readonly Message[],
): {
  readonly candidates: { readonly key: string; readonly ids: readonly string[] };
  readonly matches: Matcher | undefined;
} {
  let candidates: { key: string; ids: readonly string[] } | undefined;
  const matchers: Matcher[] = [];
  for (const query of queries) {
    const indexed = candidates?.key === '' ? undefined : indexOf(state, query);
    if (indexed && (!candidates || indexed.ids.length < candidates.ids.length)) candidates = indexed;
    if (!indexed || queries.length > 1) matchers.push(matcherOf(query, 1));
  }
  return {
    candidates: candidates ?? { key: 'all', ids: state.usersById.values() },
    matches: matchers.length === 0 ? undefined : (user) => matchers.every((matches) => matches(user)),
  };
}

function indexOf(state: State, query: Message): { key: string; ids: readonly string[] } | undefined {
  const organization = query.message('organizationIdQuery');
  if (organization) {
    const id = organization.id('organizationId');
    return { key: `org/${id}`, ids: state.usersOfOrganization.get(id)?.values() ?? [] };
  }
  const inIds = query.message('inUserIdsQuery');
  if (inIds) {
    const ids = [...new Set(inIds.strings('userIds'))].filter((id) => state.users.has(id));
    return { key: '', ids: ids.sort() };
  }
  for (const [name, field] of [
    ['userNameQuery', 'userName'],
    ['loginNameQuery', 'loginName'],
  ] as const) {
    const input = query.message(name);
    if (!input || textMethodOf(input) > 1) continue;
    const wanted = input.string(field, { max: 200 });
    const user = state.users.get(state.usernames.get(wanted.toLowerCase()) ?? '');
    const found = user && (textMethodOf(input) === 1 || user.username === wanted);
    return { key: '', ids: found ? [user.id] : [] };
  }
  return undefined;
}

function matcherOf(query: Message, depth: number): Matcher {
  if (depth > deepest) throw invalidArgument('USER-zsQ97', 'Errors.Query.TooManyNestingLevels');
  for (const [name, make] of Object.entries(kinds)) {
    const input = query.message(name);
    if (input) return make(input, depth);
  }
  throw invalid('query', 'value is required');
}

function text(input: Message, field: string, of: (user: UserRow) => string | undefined): Matcher {
  const matches = textMatcher(input, field);
  return (user) => {
    const value = of(user);
    return value !== undefined && matches(value);
  };
}
