import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import {
  type AuthorizationRow,
  authorizationKey,
  objectState,
  type ProjectRow,
} from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { invalid, type Message, timestamp, zeroDate } from '../wire/index.ts';
import type { Call, Handler } from './call.ts';

/** CreateAuthorization (internal/command/user_grant.go): every unknown parent is FailedPrecondition. */
export const createAuthorization: Handler = (call, input) => {
  const userId = input.id('userId');
  const projectId = input.id('projectId');
  const organizationId = input.id('organizationId');
  const roleKeys = uniqueKeys(input);
  const state = call.fresh;
  if (!state.users.has(userId)) throw failedPrecondition('COMMAND-4f8sg', 'Errors.User.NotFound');
  const project = state.projects.get(projectId);
  // An unknown project is looked for among the grants, and not found there; one that was this organization's is gone.
  if (!project) {
    const removed = state.projectOwners.get(projectId) === organizationId;
    throw removed
      ? failedPrecondition('COMMAND-3n77S', 'Errors.Project.NotFound')
      : failedPrecondition('COMMAND-4m9ff', 'Errors.Project.Grant.NotFound');
  }
  const grant = project.grants.get(organizationId);
  const owns = project.organizationId === organizationId;
  if (!owns && !grant) throw failedPrecondition('COMMAND-4m9ff', 'Errors.Project.Grant.NotFound');
  requireRoles(project, owns ? undefined : grant?.roleKeys, roleKeys);
  call.require('user.grant.write', organizationId, projectId);
  const grantId = owns ? undefined : grant?.id;
  if (state.authorizationKeys.has(authorizationKey({ organizationId, userId, projectId, grantId }))) {
    throw alreadyExists('V3-DKcYh', 'Errors.UserGrant.AlreadyExists');
  }
  const id = call.kernel.newId();
  const event = call.push({
    aggregateType: 'usergrant',
    aggregateId: id,
    resourceOwner: organizationId,
    type: 'user.grant.added',
    payload: { userId, projectId, roleKeys, ...(grantId === undefined ? {} : { grantId }) },
  });
  return { id, creationDate: timestamp(event.createdAt) };
};

/** UpdateAuthorization replaces the roles; the comparison minds their order (internal/command/user_grant.go). */
export const updateAuthorization: Handler = (call, input) => {
  const row = existing(call, input.id('id'), 'COMMAND-3M9sd');
  const roleKeys = uniqueKeys(input);
  call.require('user.grant.write', row.organizationId, row.projectId);
  if (row.roleKeys.length === roleKeys.length && row.roleKeys.every((key, at) => key === roleKeys[at])) {
    return { changeDate: timestamp(row.changedAt) };
  }
  const project = call.fresh.projects.get(row.projectId);
  if (!project) throw failedPrecondition('COMMAND-3n77S', 'Errors.Project.NotFound');
  const grant = row.grantId === undefined ? undefined : project.grants.get(row.organizationId);
  requireRoles(project, grant?.roleKeys, roleKeys);
  const payload = { userId: row.userId, roleKeys };
  const event = call.push({ ...aggregate(row), type: 'user.grant.changed', payload });
  return { changeDate: timestamp(event.createdAt) };
};

/** Activate and Deactivate: a repeat is no error. */
function changeState(
  type: 'user.grant.deactivated' | 'user.grant.reactivated',
  to: number,
  missing: string,
): Handler {
  return (call, input) => {
    const row = existing(call, input.id('id'), missing);
    call.require('user.grant.write', row.organizationId, row.projectId);
    if (row.state === to) return { changeDate: timestamp(row.changedAt) };
    const event = call.push({ ...aggregate(row), type, payload: {} });
    return { changeDate: timestamp(event.createdAt) };
  };
}

export const deactivateAuthorization = changeState(
  'user.grant.deactivated',
  objectState.inactive,
  'COMMAND-3M9sd',
);
export const activateAuthorization = changeState(
  'user.grant.reactivated',
  objectState.active,
  'COMMAND-Lp0gs',
);

/** DeleteAuthorization: what is not there is deleted already. */
export const deleteAuthorization: Handler = (call, input) => {
  const row = call.fresh.authorizations.get(input.id('id'));
  if (!row) return { deletionDate: zeroDate };
  call.require('user.grant.delete', row.organizationId, row.projectId);
  const { userId, projectId, grantId } = row;
  const draft: AnyDraft = {
    ...aggregate(row),
    type: 'user.grant.removed',
    payload: { userId, projectId, ...(grantId === undefined ? {} : { grantId }) },
  };
  return { deletionDate: timestamp(call.push(draft).createdAt) };
};

function existing(call: Call, id: string, missing: string): AuthorizationRow {
  const row = call.fresh.authorizations.get(id);
  if (!row) throw notFound(missing, 'Errors.UserGrant.NotFound');
  return row;
}

function aggregate(row: AuthorizationRow) {
  return { aggregateType: 'usergrant', aggregateId: row.id, resourceOwner: row.organizationId } as const;
}

function uniqueKeys(input: Message): readonly string[] {
  const keys = input.strings('roleKeys');
  if (new Set(keys).size !== keys.length) {
    throw invalid('role_keys', 'repeated value must contain unique items');
  }
  return keys;
}

/** Roles must be of the project and, in a granted organization, of the grant. */
function requireRoles(
  project: ProjectRow,
  granted: readonly string[] | undefined,
  keys: readonly string[],
): void {
  for (const key of keys) {
    if (!project.roles.has(key) || (granted && !granted.includes(key))) {
      throw failedPrecondition('COMMAND-mm9F4', 'Errors.Project.Role.NotFound');
    }
  }
}
