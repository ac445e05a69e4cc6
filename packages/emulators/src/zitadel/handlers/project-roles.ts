import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import type { ProjectRow } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Call, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, textMatcher } from './lists.ts';
import { projectAggregate } from './projects.ts';

const columns = ['UNSPECIFIED', 'KEY', 'CREATION_DATE', 'CHANGE_DATE'].map(
  (name) => `PROJECT_ROLE_FIELD_NAME_${name}`,
);

export const addProjectRole: Handler = (call, input) => {
  const row = activeProject(call, input);
  const key = input.string('roleKey', { min: 1, max: 200 });
  const displayName = input.string('displayName', { min: 1, max: 200 });
  call.require('project.role.write', row.organizationId, row.id);
  if (row.roles.has(key)) throw alreadyExists('V3-DKcYh', 'Errors.Project.Role.AlreadyExists');
  const group = input.optionalString('group', { max: 200 });
  const event = call.push({
    ...projectAggregate(row),
    type: 'project.role.added',
    payload: { key, displayName, ...(group ? { group } : {}) },
  });
  return { creationDate: timestamp(event.createdAt) };
};

/** UpdateProjectRole: unchanged is no error (internal/command/project_role.go). */
export const updateProjectRole: Handler = (call, input) => {
  const row = activeProject(call, input);
  const role = row.roles.get(input.id('roleKey'));
  if (!role) throw notFound('COMMAND-vv8M9', 'Errors.Project.Role.NotExisting');
  call.require('project.role.write', row.organizationId, row.id);
  const displayName = input.optionalString('displayName', { min: 1, max: 200 }) ?? role.displayName;
  const group = input.optionalString('group', { max: 200 }) ?? role.group;
  if (displayName === role.displayName && group === role.group) {
    return { changeDate: timestamp(role.changedAt) };
  }
  const event = call.push({
    ...projectAggregate(row),
    type: 'project.role.changed',
    payload: { key: role.key, displayName, group },
  });
  return { changeDate: timestamp(event.createdAt) };
};

/** The project of a role that is added or changed (internal/command/project_role.go). */
function activeProject(call: Call, input: Message): ProjectRow {
  const row = call.fresh.projects.get(input.id('projectId'));
  if (!row) throw failedPrecondition('COMMAND-EbFMN', 'Errors.Project.NotFound');
  return row;
}

/** RemoveProjectRole: unknown is fine, without a date; the role leaves all grants and authorizations too. */
export const removeProjectRole: Handler = (call, input) => {
  const row = call.fresh.projects.get(input.id('projectId'));
  const key = input.id('roleKey');
  if (!row) return {};
  call.require('project.role.delete', row.organizationId, row.id);
  if (!row.roles.has(key)) return {};
  const event = call.push(
    { ...projectAggregate(row), type: 'project.role.removed', payload: { key } },
    ...roleCascade(call, row, key),
  );
  return { removalDate: timestamp(event.createdAt) };
};

function roleCascade(call: Call, row: ProjectRow, key: string): readonly AnyDraft[] {
  const without = (keys: readonly string[]) => keys.filter((other) => other !== key);
  const drafts: AnyDraft[] = [];
  for (const grant of row.grants.values()) {
    if (!grant.roleKeys.includes(key)) continue;
    const payload = { grantId: grant.id, roleKeys: without(grant.roleKeys) };
    drafts.push({ ...projectAggregate(row), type: 'project.grant.cascade.changed', payload });
  }
  for (const authorization of call.fresh.authorizations.values()) {
    if (authorization.projectId !== row.id || !authorization.roleKeys.includes(key)) continue;
    drafts.push({
      aggregateType: 'usergrant',
      aggregateId: authorization.id,
      resourceOwner: authorization.organizationId,
      type: 'user.grant.cascade.changed',
      payload: { userId: authorization.userId, roleKeys: without(authorization.roleKeys) },
    });
  }
  return drafts;
}

/** ListProjectRoles waits for the projection (internal/query/project_role.go). */
export const listProjectRoles: Handler = (call, input) => {
  call.requireDeclared('project.role.read');
  const paging = newPaging(input);
  const row = call.fresh.projects.get(input.id('projectId'));
  const column = input.enum('sortingColumn', columns);
  if (row) call.require('project.role.read', row.organizationId, row.id);
  const filters = input.messages('filters').map(roleFilter);
  const matching = [...(row?.roles.values() ?? [])].filter((role) =>
    filters.every((matches) => matches(role)),
  );
  const sorted = sortedBy(matching, (role) => {
    if (column === 2) return role.createdAt;
    return column === 3 ? role.changedAt : role.key;
  });
  const { rows, total } = pageOf(sorted, paging);
  return {
    pagination: pagination(total, paging),
    projectRoles: rows.map((role) => ({
      projectId: row?.id,
      key: role.key,
      creationDate: timestamp(role.createdAt),
      changeDate: timestamp(role.changedAt),
      displayName: role.displayName,
      group: role.group,
    })),
  };
};

function roleFilter(filter: Message): (role: { key: string; displayName: string }) => boolean {
  const byKey = filter.message('roleKeyFilter');
  if (byKey) {
    const matches = textMatcher(byKey, 'key');
    return (role) => matches(role.key);
  }
  const matches = textMatcher(filter.requiredMessage('displayNameFilter'), 'displayName');
  return (role) => matches(role.displayName);
}
