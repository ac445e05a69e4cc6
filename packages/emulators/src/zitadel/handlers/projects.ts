import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import { objectState, type ProjectRow, projectNameKey } from '../projections/index.ts';
import type { ProjectFields } from '../store/index.ts';
import { enumName, type Message, timestamp } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, textMatcher } from './lists.ts';

const labelings = [
  'PRIVATE_LABELING_SETTING_UNSPECIFIED',
  'PRIVATE_LABELING_SETTING_ENFORCE_PROJECT_RESOURCE_OWNER_POLICY',
  'PRIVATE_LABELING_SETTING_ALLOW_LOGIN_USER_RESOURCE_OWNER_POLICY',
];
const states = ['UNSPECIFIED', 'ACTIVE', 'INACTIVE'];
const columns = ['UNSPECIFIED', 'ID', 'CREATION_DATE', 'CHANGE_DATE', 'NAME'].map(
  (name) => `PROJECT_FIELD_NAME_${name}`,
);
const ownerships = ['TYPE_UNSPECIFIED', 'OWNED', 'GRANTED', 'OWNED_OR_GRANTED'];

/** CreateProject; an id that was used before stays with its first organization (internal/command/project.go). */
export const createProject: Handler = (call, input) => {
  const organizationId = input.id('organizationId');
  const id = input.optionalString('projectId', { min: 1, max: 200 }) ?? call.kernel.newId();
  const name = input.string('name', { min: 1, max: 200 });
  call.require('project.create', organizationId);
  // Neither the organization nor other organizations' projects are looked at.
  if (call.fresh.projects.get(id)?.organizationId === organizationId) {
    throw alreadyExists('COMMAND-opamwu', 'Errors.Project.AlreadyExisting');
  }
  requireName(call, organizationId, name);
  const payload: ProjectFields = {
    name,
    projectRoleAssertion: input.bool('projectRoleAssertion'),
    projectRoleCheck: input.bool('authorizationRequired'),
    hasProjectCheck: input.bool('projectAccessRequired'),
    privateLabelingSetting: input.enum('privateLabelingSetting', labelings),
  };
  const event = call.push({
    aggregateType: 'project',
    aggregateId: id,
    resourceOwner: call.fresh.projectOwners.get(id) ?? organizationId,
    type: 'project.added',
    payload,
  });
  return { projectId: id, creationDate: timestamp(event.createdAt) };
};

/** UpdateProject: what does not change is no event and no error (internal/command/project.go). */
export const updateProject: Handler = (call, input) => {
  const row = existingProject(call, input.id('projectId'), 'COMMAND-3M9sd');
  call.require('project.write', row.organizationId, row.id);
  const wanted = {
    name: input.optionalString('name', { min: 1, max: 200 }),
    projectRoleAssertion: input.optionalBool('projectRoleAssertion'),
    projectRoleCheck: input.optionalBool('authorizationRequired'),
    hasProjectCheck: input.optionalBool('projectAccessRequired'),
    privateLabelingSetting: input.optionalEnum('privateLabelingSetting', labelings),
  };
  const present = {
    name: row.name,
    projectRoleAssertion: row.roleAssertion,
    projectRoleCheck: row.authorizationRequired,
    hasProjectCheck: row.accessRequired,
    privateLabelingSetting: row.privateLabeling,
  };
  const payload: Partial<ProjectFields> = Object.fromEntries(
    Object.entries(wanted).filter(
      ([key, value]) => value !== undefined && value !== present[key as keyof typeof present],
    ),
  );
  if (Object.keys(payload).length === 0) return { changeDate: timestamp(row.changedAt) };
  if (payload.name !== undefined && payload.name.toLowerCase() !== row.name.toLowerCase()) {
    requireName(call, row.organizationId, payload.name);
  }
  const event = call.push({ ...projectAggregate(row), type: 'project.changed', payload });
  return { changeDate: timestamp(event.createdAt) };
};

export const deactivateProject: Handler = (call, input) => {
  const row = existingProject(call, input.id('projectId'), 'COMMAND-112M9');
  if (row.state !== objectState.active) {
    throw failedPrecondition('COMMAND-mki55', 'Errors.Project.NotActive');
  }
  call.require('project.write', row.organizationId, row.id);
  const event = call.push({ ...projectAggregate(row), type: 'project.deactivated', payload: {} });
  return { changeDate: timestamp(event.createdAt) };
};

export const activateProject: Handler = (call, input) => {
  const row = existingProject(call, input.id('projectId'), 'COMMAND-3M9sd');
  if (row.state !== objectState.inactive) {
    throw failedPrecondition('COMMAND-5M9bs', 'Errors.Project.NotInactive');
  }
  call.require('project.write', row.organizationId, row.id);
  const event = call.push({ ...projectAggregate(row), type: 'project.reactivated', payload: {} });
  return { changeDate: timestamp(event.createdAt) };
};

/** DeleteProject: what is not there is deleted already, without a date. */
export const deleteProject: Handler = (call, input) => {
  const row = call.fresh.projects.get(input.id('projectId'));
  if (!row) return {};
  call.require('project.delete', row.organizationId, row.id);
  const event = call.push({
    ...projectAggregate(row),
    type: 'project.removed',
    payload: { name: row.name },
  });
  return { deletionDate: timestamp(event.createdAt) };
};

/** GetProject waits for the projection (internal/query/project.go). */
export const getProject: Handler = (call, input) => {
  call.requireDeclared('project.read');
  const row = existingProject(call, input.id('projectId'), 'QUERY-fk2fs');
  call.require('project.read', row.organizationId, row.id);
  return { project: projectMessage(row) };
};

interface Listed {
  readonly row: ProjectRow;
  /** Set where the project shows up because it was granted to this organization. */
  readonly grantedTo: string | undefined;
}

/**
 * ListProjects: owned ones, and granted ones once for each organization that has a grant. What may not be read leaves the
 * page, not the total (internal/query/project.go).
 */
export const listProjects: Handler = (call, input) => {
  call.requireDeclared('project.read');
  const state = call.lagging;
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', columns);
  const filters = input.messages('filters').map(projectFilter);
  const listed: Listed[] = [];
  for (const row of state.projects.values()) {
    listed.push({ row, grantedTo: undefined });
    for (const grant of row.grants.values()) listed.push({ row, grantedTo: grant.grantedOrganizationId });
  }
  const matching = listed.filter((entry) => filters.every((matches) => matches(entry)));
  const sorted = sortedBy(matching, ({ row }) => {
    if (column === 2) return row.createdAt;
    if (column === 3) return row.changedAt;
    return column === 4 ? row.name.toLowerCase() : row.id;
  });
  const { rows, total } = pageOf(sorted, paging);
  return {
    pagination: pagination(total, paging),
    projects: rows.filter(readable(call)).map(({ row, grantedTo }) => ({
      ...projectMessage(row),
      ...(grantedTo === undefined
        ? {}
        : {
            grantedOrganizationId: grantedTo,
            grantedOrganizationName: state.organizations.get(grantedTo)?.name,
            grantedState: `GRANTED_PROJECT_STATE_${states[row.grants.get(grantedTo)?.state ?? 0]}`,
          }),
    })),
  };
};

function readable(call: Call) {
  return ({ row, grantedTo }: Listed): boolean =>
    call.permits('project.read', grantedTo ?? row.organizationId, row.id);
}

function projectFilter(filter: Message): (entry: Listed) => boolean {
  const name = filter.message('projectNameFilter');
  if (name) {
    const matches = textMatcher(name, 'projectName');
    return ({ row }) => matches(row.name);
  }
  const inIds = filter.message('inProjectIdsFilter');
  if (inIds) {
    const ids = new Set(inIds.strings('ids'));
    return ({ row }) => ids.has(row.id);
  }
  const organization = filter.requiredMessage('organizationIdFilter');
  const id = organization.id('organizationId');
  const type = organization.enum('type', ownerships);
  return ({ row, grantedTo }) =>
    (type !== 2 && grantedTo === undefined && row.organizationId === id) || (type !== 1 && grantedTo === id);
}

function projectMessage(row: ProjectRow): Answer {
  return {
    projectId: row.id,
    organizationId: row.organizationId,
    creationDate: timestamp(row.createdAt),
    changeDate: timestamp(row.changedAt),
    name: row.name,
    state: `PROJECT_STATE_${states[row.state]}`,
    projectRoleAssertion: row.roleAssertion,
    authorizationRequired: row.authorizationRequired,
    projectAccessRequired: row.accessRequired,
    privateLabelingSetting: enumName(labelings, row.privateLabeling),
  };
}

function existingProject(call: Call, id: string, missing: string): ProjectRow {
  const row = call.fresh.projects.get(id);
  if (!row) throw notFound(missing, 'Errors.Project.NotFound');
  return row;
}

export function projectAggregate(row: ProjectRow) {
  return { aggregateType: 'project', aggregateId: row.id, resourceOwner: row.organizationId } as const;
}

function requireName(call: Call, organizationId: string, name: string): void {
  if (call.fresh.projectNames.has(projectNameKey(organizationId, name))) {
    throw alreadyExists('V3-DKcYh', 'Errors.Project.AlreadyExisting');
  }
}
