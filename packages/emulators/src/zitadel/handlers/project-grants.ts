import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import { objectState, type ProjectGrantRow, type ProjectRow, type State } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { type Message, timestamp, zeroDate } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, textMatcher } from './lists.ts';
import { projectAggregate } from './projects.ts';

const columns = ['UNSPECIFIED', 'PROJECT_ID', 'CREATION_DATE', 'CHANGE_DATE'].map(
  (name) => `PROJECT_GRANT_FIELD_NAME_${name}`,
);
const states = ['UNSPECIFIED', 'ACTIVE', 'INACTIVE'].map((name) => `PROJECT_GRANT_STATE_${name}`);

/** CreateProjectGrant, to another organization than the project's (internal/command/project_grant.go). */
export const createProjectGrant: Handler = (call, input) => {
  const row = call.fresh.projects.get(input.id('projectId'));
  if (!row) throw failedPrecondition('COMMAND-m9gsd', 'Errors.Project.NotFound');
  const grantedOrgId = input.id('grantedOrganizationId');
  if (grantedOrgId === row.organizationId) {
    throw failedPrecondition('PROJECT-ckUpbvboAH', 'Errors.Project.Grant.Invalid');
  }
  const roleKeys = roleKeysOf(row, input);
  call.require('project.grant.write', row.organizationId, row.id);
  if (!call.fresh.organizations.has(grantedOrgId)) {
    throw failedPrecondition('COMMAND-3m9gg', 'Errors.Org.NotFound');
  }
  if (row.grants.has(grantedOrgId)) throw alreadyExists('V3-DKcYh', 'Errors.Project.Grant.AlreadyExists');
  const grantId = call.kernel.newId();
  const event = call.push({
    ...projectAggregate(row),
    type: 'project.grant.added',
    payload: { grantId, grantedOrgId, roleKeys },
  });
  return { creationDate: timestamp(event.createdAt) };
};

/** UpdateProjectGrant replaces the roles; those taken away leave the authorizations that rest on the grant. */
export const updateProjectGrant: Handler = (call, input) => {
  const { row, grant } = existingGrant(call, input);
  const roleKeys = roleKeysOf(row, input);
  call.require('project.grant.write', row.organizationId, row.id);
  if (sameSet(roleKeys, grant.roleKeys)) return { changeDate: timestamp(grant.changedAt) };
  const drafts: AnyDraft[] = [
    { ...projectAggregate(row), type: 'project.grant.changed', payload: { grantId: grant.id, roleKeys } },
  ];
  for (const authorization of call.fresh.authorizations.values()) {
    if (authorization.grantId !== grant.id) continue;
    const kept = authorization.roleKeys.filter((key) => roleKeys.includes(key));
    if (kept.length === authorization.roleKeys.length) continue;
    drafts.push({
      aggregateType: 'usergrant',
      aggregateId: authorization.id,
      resourceOwner: authorization.organizationId,
      type: 'user.grant.cascade.changed',
      payload: { userId: authorization.userId, roleKeys: kept },
    });
  }
  return { changeDate: timestamp(call.push(...drafts).createdAt) };
};

/** Deactivate and Activate: a repeat is no error (internal/command/project_grant.go). */
function changeState(type: 'project.grant.deactivated' | 'project.grant.reactivated', to: number): Handler {
  return (call, input) => {
    const { row, grant } = existingGrant(call, input);
    call.require('project.grant.write', row.organizationId, row.id);
    if (grant.state === to) return { changeDate: timestamp(grant.changedAt) };
    const event = call.push({ ...projectAggregate(row), type, payload: { grantId: grant.id } });
    return { changeDate: timestamp(event.createdAt) };
  };
}

export const deactivateProjectGrant = changeState('project.grant.deactivated', objectState.inactive);
export const activateProjectGrant = changeState('project.grant.reactivated', objectState.active);

/**
 * DeleteProjectGrant: missing is fine; authorizations of the granted organization go with it, as far as the projection
 * knows of them: one that it has not yet taken up survives for good (internal/api/grpc/project/v2/project_grant.go).
 */
export const deleteProjectGrant: Handler = (call, input) => {
  const row = call.fresh.projects.get(input.id('projectId'));
  const grant = row?.grants.get(input.id('grantedOrganizationId'));
  if (!row || !grant) return { deletionDate: zeroDate };
  call.require('project.grant.delete', row.organizationId, row.id);
  const drafts: AnyDraft[] = [
    {
      ...projectAggregate(row),
      type: 'project.grant.removed',
      payload: { grantId: grant.id, grantedOrgId: grant.grantedOrganizationId },
    },
  ];
  for (const authorization of call.lagging.authorizations.values()) {
    if (authorization.grantId !== grant.id) continue;
    drafts.push({
      aggregateType: 'usergrant',
      aggregateId: authorization.id,
      resourceOwner: authorization.organizationId,
      type: 'user.grant.cascade.removed',
      payload: { userId: authorization.userId, projectId: row.id, grantId: grant.id },
    });
  }
  return { deletionDate: timestamp(call.push(...drafts).createdAt) };
};

interface Listed {
  readonly project: ProjectRow;
  readonly grant: ProjectGrantRow;
}

/** ListProjectGrants: what may not be read leaves the page, not the total (internal/query/project_grant.go). */
export const listProjectGrants: Handler = (call, input) => {
  call.requireDeclared('project.grant.read');
  const state = call.lagging;
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('filters').map(grantFilter);
  const listed = [...state.projects.values()].flatMap((project) =>
    [...project.grants.values()].map((grant) => ({ project, grant })),
  );
  const matching = listed.filter((entry) => filters.every((matches) => matches(entry)));
  const sorted = sortedBy(matching, ({ project, grant }) => {
    if (column === 2) return grant.createdAt;
    if (column === 3) return grant.changedAt;
    return column === 1 ? project.id : grant.id;
  });
  const { rows, total } = pageOf(sorted, paging);
  return {
    pagination: pagination(total, paging),
    projectGrants: rows
      .filter(
        ({ project, grant }) =>
          call.permits('project.grant.read', project.organizationId, project.id) ||
          call.permits('project.grant.read', grant.grantedOrganizationId, project.id),
      )
      .map((entry) => grantMessage(state, entry)),
  };
};

function grantMessage(state: State, { project, grant }: Listed): Answer {
  return {
    organizationId: project.organizationId,
    creationDate: timestamp(grant.createdAt),
    changeDate: timestamp(grant.changedAt),
    grantedOrganizationId: grant.grantedOrganizationId,
    grantedOrganizationName: state.organizations.get(grant.grantedOrganizationId)?.name,
    grantedRoleKeys: grant.roleKeys,
    projectId: project.id,
    projectName: project.name,
    state: states[grant.state],
  };
}

function grantFilter(filter: Message): (entry: Listed) => boolean {
  const name = filter.message('projectNameFilter');
  if (name) {
    const matches = textMatcher(name, 'projectName');
    return ({ project }) => matches(project.name);
  }
  const role = filter.message('roleKeyFilter');
  if (role) {
    const matches = textMatcher(role, 'key');
    return ({ grant }) => grant.roleKeys.some(matches);
  }
  const inIds = filter.message('inProjectIdsFilter');
  if (inIds) {
    const ids = new Set(inIds.strings('ids'));
    return ({ project }) => ids.has(project.id);
  }
  const owner = filter.message('organizationIdFilter');
  if (owner) return ({ project }) => project.organizationId === owner.id('id');
  const granted = filter.requiredMessage('grantedOrganizationIdFilter').id('id');
  return ({ grant }) => grant.grantedOrganizationId === granted;
}

function existingGrant(call: Call, input: Message): { row: ProjectRow; grant: ProjectGrantRow } {
  const row = call.fresh.projects.get(input.id('projectId'));
  const grant = row?.grants.get(input.id('grantedOrganizationId'));
  if (!row || !grant) throw notFound('PROJECT-D8JxR', 'Errors.Project.Grant.NotFound');
  return { row, grant };
}

function roleKeysOf(row: ProjectRow, input: Message): readonly string[] {
  const keys = [...new Set(input.strings('roleKeys'))];
  if (keys.some((key) => !row.roles.has(key))) {
    throw failedPrecondition('COMMAND-6m9gd', 'Errors.Project.Role.NotExisting');
  }
  return keys;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key));
}
