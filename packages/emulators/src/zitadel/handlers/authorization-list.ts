import type { AuthorizationRow, ProjectRow, State, UserRow } from '../projections/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Answer, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, textMatcher } from './lists.ts';
import { displayName } from './user-read.ts';

const states = ['STATE_UNSPECIFIED', 'STATE_ACTIVE', 'STATE_INACTIVE'];
const columns = [
  'UNSPECIFIED',
  'CREATED_DATE',
  'CHANGED_DATE',
  'ID',
  'USER_ID',
  'PROJECT_ID',
  'ORGANIZATION_ID',
  'USER_ORGANIZATION_ID',
].map((name) => `AUTHORIZATION_FIELD_NAME_${name}`);

interface Listed {
  readonly row: AuthorizationRow;
  readonly user: UserRow | undefined;
  readonly project: ProjectRow | undefined;
}

/** ListAuthorizations: new paging, lagging; all but one's own and the readable leave the page, not the total (internal/query/user_grant.go). */
export const listAuthorizations: Handler = (call, input) => {
  const state = call.lagging;
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const queries = input.messages('filters');
  const filters = queries.map(authorizationFilter);
  const matching: Listed[] = [];
  for (const row of candidates(state, queries)) {
    const entry = { row, user: state.users.get(row.userId), project: state.projects.get(row.projectId) };
    if (filters.every((matches) => matches(entry))) matching.push(entry);
  }
  const sorted = sortedBy(matching, (entry) => sortKey(entry, column));
  const { rows, total } = pageOf(sorted, paging);
  return {
    pagination: pagination(total, paging),
    authorizations: rows
      .filter(
        ({ row }) =>
          row.userId === call.caller.userId ||
          call.permits('user.grant.read', row.organizationId, row.projectId),
      )
      .map((entry) => authorizationMessage(state, entry)),
  };
};

/** Users have few authorizations, so a question about users does not read all there are. */
function candidates(state: State, queries: readonly Message[]): Iterable<AuthorizationRow> {
  const inUsers = queries.map((query) => query.message('inUserIds')).find((query) => query !== undefined);
  if (!inUsers) return state.authorizations.values();
  return [...new Set(inUsers.strings('ids'))]
    .flatMap((id) => [...(state.authorizationsOfUser.get(id) ?? [])])
    .map((id) => state.authorizations.get(id))
    .filter((row) => row !== undefined);
}

function authorizationFilter(filter: Message): (entry: Listed) => boolean {
  const ids = setOf(filter.message('authorizationIds'));
  if (ids) return ({ row }) => ids.has(row.id);
  const users = setOf(filter.message('inUserIds'));
  if (users) return ({ row }) => users.has(row.userId);
  const state = filter.message('state');
  if (state) {
    const wanted = state.enum('state', states);
    return ({ row }) => row.state === wanted;
  }
  for (const [name, of] of exact) {
    const id = filter.message(name)?.id('id');
    if (id !== undefined) return (entry) => of(entry) === id;
  }
  for (const [name, field, of] of texts) {
    const input = filter.message(name);
    if (!input) continue;
    const matches = textMatcher(input, field);
    return (entry) => of(entry).some(matches);
  }
  return () => true;
}

const exact: readonly (readonly [string, (entry: Listed) => string | undefined])[] = [
  ['organizationId', ({ row }) => row.organizationId],
  ['userOrganizationId', ({ user }) => user?.organizationId],
  ['projectId', ({ row }) => row.projectId],
  ['projectGrantId', ({ row }) => row.grantId],
];

const texts: readonly (readonly [string, string, (entry: Listed) => readonly string[]])[] = [
  ['userPreferredLoginName', 'loginName', ({ user }) => (user ? [user.username] : [])],
  ['userDisplayName', 'displayName', ({ user }) => (user ? [displayName(user)] : [])],
  ['projectName', 'name', ({ project }) => (project ? [project.name] : [])],
  ['roleKey', 'key', ({ row }) => row.roleKeys],
];

function setOf(input: Message | undefined): ReadonlySet<string> | undefined {
  return input && new Set(input.strings('ids'));
}

function sortKey({ row, user }: Listed, column: number): string | number {
  switch (column) {
    case 2:
      return row.changedAt;
    case 3:
      return row.id;
    case 4:
      return row.userId;
    case 5:
      return row.projectId;
    case 6:
      return row.organizationId;
    case 7:
      return user?.organizationId ?? '';
    default:
      return row.createdAt;
  }
}

function authorizationMessage(state: State, { row, user, project }: Listed): Answer {
  return {
    id: row.id,
    creationDate: timestamp(row.createdAt),
    changeDate: timestamp(row.changedAt),
    project: { id: row.projectId, name: project?.name, organizationId: project?.organizationId },
    organization: { id: row.organizationId, name: state.organizations.get(row.organizationId)?.name },
    user: {
      id: row.userId,
      preferredLoginName: user?.username,
      displayName: user && displayName(user),
      organizationId: user?.organizationId,
    },
    state: states[row.state],
    roles: row.roleKeys.map((key) => {
      const role = project?.roles.get(key);
      return { key, displayName: role?.displayName, group: role?.group };
    }),
  };
}
