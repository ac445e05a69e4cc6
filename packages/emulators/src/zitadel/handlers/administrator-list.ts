import type { AdministratorRow, State } from '../projections/index.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { compare, newPaging, pageOf, pagination, textMatcher, timeMatcher } from './lists.ts';
import { displayName } from './user-read.ts';

const columns = ['UNSPECIFIED', 'USER_ID', 'CREATION_DATE', 'CHANGE_DATE'].map(
  (name) => `ADMINISTRATOR_FIELD_NAME_${name}`,
);
const readPermissions = {
  instance: 'iam.member.read',
  organization: 'org.member.read',
  project: 'project.member.read',
  project_grant: 'project.grant.member.read',
} as const;
const deepest = 20;

/**
 * ListAdministrators of all four kinds in one list; the unreadable leave the page, not the total, and nobody's own are unreadable
 * (internal/query/administrators.go).
 */
export const listAdministrators: Handler = (call, input) => {
  const state = call.lagging;
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('filters').map((filter) => matcherOf(state, filter, 1));
  const rows = [...state.administrators.values()].filter((row) => filters.every((matches) => matches(row)));
  rows.sort((a, b) => compare(sortKey(a, column), sortKey(b, column)) || compare(a.userId, b.userId));
  const page = pageOf(rows, paging);
  return {
    pagination: pagination(page.total, paging),
    administrators: page.rows
      .filter((row) => readable(call, row))
      .map((row) => administratorMessage(state, row)),
  };
};

function readable(call: Call, row: AdministratorRow): boolean {
  if (row.userId === call.caller.userId) return true;
  const projectId = row.scope === 'project' || row.scope === 'project_grant' ? row.resourceId : undefined;
  return call.permits(readPermissions[row.scope], row.organizationId, projectId);
}

function sortKey(row: AdministratorRow, column: number): string | number {
  if (column === 1) return row.userId;
  return column === 3 ? row.changedAt : row.createdAt;
}

function matcherOf(state: State, filter: Message, depth: number): (row: AdministratorRow) => boolean {
  if (depth > deepest) throw invalid('filters', 'too many levels');
  for (const [name, of] of [
    ['creationDate', (row: AdministratorRow) => row.createdAt],
    ['changeDate', (row: AdministratorRow) => row.changedAt],
  ] as const) {
    const input = filter.message(name);
    if (!input) continue;
    const matches = timeMatcher(input, 'timestamp', 'filter');
    return (row) => matches(of(row));
  }
  const inIds = filter.message('inUserIdsFilter');
  if (inIds) {
    const ids = new Set(inIds.strings('ids'));
    return (row) => ids.has(row.userId);
  }
  const organization = filter.message('userOrganizationId')?.id('id');
  if (organization !== undefined) {
    return (row) => state.users.get(row.userId)?.organizationId === organization;
  }
  const loginName = filter.message('userPreferredLoginName');
  if (loginName) {
    const matches = textMatcher(loginName, 'preferredLoginName');
    return (row) => matches(state.users.get(row.userId)?.username ?? '');
  }
  const display = filter.message('userDisplayName');
  if (display) {
    const matches = textMatcher(display, 'displayName');
    return (row) => {
      const user = state.users.get(row.userId);
      return user !== undefined && matches(displayName(user));
    };
  }
  const role = filter.message('role')?.id('roleKey');
  if (role !== undefined) return (row) => row.roles.includes(role);
  const resource = filter.message('resource');
  if (resource) return resourceMatcher(resource);
  return logicMatcher(state, filter, depth);
}

function resourceMatcher(resource: Message): (row: AdministratorRow) => boolean {
  if (resource.bool('instance')) return (row) => row.scope === 'instance';
  const organizationId = resource.optionalString('organizationId');
  if (organizationId !== undefined) {
    return (row) => row.scope === 'organization' && row.resourceId === organizationId;
  }
  const projectId = resource.optionalString('projectId');
  if (projectId !== undefined) return (row) => row.scope === 'project' && row.resourceId === projectId;
  const grant = resource.requiredMessage('projectGrant');
  const [ofProject, ofOrganization] = [grant.id('projectId'), grant.id('organizationId')];
  return (row) =>
    row.scope === 'project_grant' && row.resourceId === ofProject && row.organizationId === ofOrganization;
}

function logicMatcher(state: State, filter: Message, depth: number): (row: AdministratorRow) => boolean {
  const and = filter.message('and');
  if (and) {
    const all = and.messages('queries').map((query) => matcherOf(state, query, depth + 1));
    return (row) => all.every((matches) => matches(row));
  }
  const or = filter.message('or');
  if (or) {
    const any = or.messages('queries').map((query) => matcherOf(state, query, depth + 1));
    return (row) => any.some((matches) => matches(row));
  }
  const negated = matcherOf(state, filter.requiredMessage('not').requiredMessage('query'), depth + 1);
  return (row) => !negated(row);
}

function administratorMessage(state: State, row: AdministratorRow): Answer {
  const user = state.users.get(row.userId);
  const project = state.projects.get(row.resourceId);
  return {
    creationDate: timestamp(row.createdAt),
    changeDate: timestamp(row.changedAt),
    user: {
      id: row.userId,
      preferredLoginName: user?.username,
      displayName: user && displayName(user),
      organizationId: user?.organizationId,
    },
    ...(row.scope === 'instance' ? { instance: true } : {}),
    ...(row.scope === 'organization'
      ? { organization: { id: row.resourceId, name: state.organizations.get(row.resourceId)?.name } }
      : {}),
    ...(row.scope === 'project'
      ? { project: { id: row.resourceId, name: project?.name, organizationId: project?.organizationId } }
      : {}),
    ...(row.scope === 'project_grant'
      ? {
          projectGrant: {
            id: row.grantId,
            projectId: row.resourceId,
            projectName: project?.name,
            organizationId: project?.organizationId,
            grantedOrganizationId: row.organizationId,
          },
        }
      : {}),
    roles: row.roles,
  };
}
