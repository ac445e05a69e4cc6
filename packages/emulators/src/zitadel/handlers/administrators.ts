import { alreadyExists, failedPrecondition, invalidArgument, notFound } from '../errors.ts';
import { isRoleOf } from '../permissions.ts';
import {
  type AdministratorRow,
  type AdministratorScope,
  administratorKey,
  type ProjectGrantRow,
  type ProjectRow,
} from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import type { Call, Handler } from './call.ts';

/** Where an administrator is to be, with what differs between the four kinds. */
interface Target {
  readonly scope: AdministratorScope;
  readonly resourceId: string;
  /** Whose permission is asked, and the project whose own administrators count. */
  readonly organizationId: string;
  readonly projectId?: string;
  readonly grantId?: string;
  readonly family: 'IAM_' | 'ORG_' | 'PROJECT_' | 'PROJECT_GRANT_';
  readonly permission: 'iam.member' | 'org.member' | 'project.member' | 'project.grant.member';
}

/** Error ids by kind (internal/command/{instance,org,project,project_grant}_member.go). */
const ids = {
  instance: {
    role: 'INSTANCE-4m0fS',
    duplicate: 'INSTA-pFDwe',
    missing: 'INSTANCE-D8JxR',
    user: 'INSTA-GSXOn',
  },
  organization: { role: 'Org-4N8es', duplicate: 'ORG-poWwe', missing: 'Org-D8JxR', user: 'ORG-GoXOn' },
  project: {
    role: 'PROJECT-3m9ds',
    duplicate: 'PROJECT-PtXi1',
    missing: 'PROJECT-D8JxR',
    user: 'PROJECT-3m9ds',
  },
  project_grant: {
    role: 'PROJECT-m9gKK',
    duplicate: 'PROJECT-37fug',
    missing: 'PROJECT-37fug',
    user: 'PROJECT-m9gKK',
  },
} as const;

export const createAdministrator: Handler = (call, input) => {
  const userId = input.id('userId');
  const resource = input.requiredMessage('resource');
  requireResource(call, resource);
  const target = targetOf(call, resource);
  const roles = rolesOf(input, target);
  call.require(`${target.permission}.write`, target.organizationId, target.projectId);
  if (!call.fresh.users.has(userId)) throw failedPrecondition(ids[target.scope].user, 'Errors.User.NotFound');
  if (call.fresh.administrators.has(administratorKey({ ...target, userId }))) {
    throw alreadyExists(ids[target.scope].duplicate, 'Errors.Member.AlreadyExists');
  }
  const event = call.push(memberDraft(call, target, 'added', userId, roles));
  return { creationDate: timestamp(event.createdAt) };
};

/** UpdateAdministrator replaces the roles; equal ones are no event and no error. */
export const updateAdministrator: Handler = (call, input) => {
  const userId = input.id('userId');
  const target = targetOf(call, input.requiredMessage('resource'));
  const roles = rolesOf(input, target);
  call.require(`${target.permission}.write`, target.organizationId, target.projectId);
  const row = call.fresh.administrators.get(administratorKey({ ...target, userId }));
  if (!row) throw notFound(ids[target.scope].missing, 'Errors.NotFound');
  if (sameRoles(row, roles)) return { changeDate: timestamp(row.changedAt) };
  const event = call.push(memberDraft(call, target, 'changed', userId, roles));
  return { changeDate: timestamp(event.createdAt) };
};

/** DeleteAdministrator: what is not there is deleted already; a date is told only of what once was. */
export const deleteAdministrator: Handler = (call, input) => {
  const userId = input.id('userId');
  const resource = input.requiredMessage('resource');
  if (isUnknown(call, resource)) return {};
  const target = targetOf(call, resource);
  call.require(`${target.permission}.delete`, target.organizationId, target.projectId);
  const key = administratorKey({ ...target, userId });
  if (!call.fresh.administrators.has(key)) {
    const goneSince = call.fresh.formerAdministrators.get(key);
    return goneSince === undefined ? {} : { deletionDate: timestamp(goneSince) };
  }
  const event = call.push(memberDraft(call, target, 'removed', userId, []));
  return { deletionDate: timestamp(event.createdAt) };
};

/** What CreateAdministrator says of a resource that is not there (internal/command/{org,project,project_grant}_member.go). */
function requireResource(call: Call, resource: Message): void {
  const organizationId = resource.optionalString('organizationId');
  if (organizationId && !call.fresh.organizations.has(organizationId)) {
    throw failedPrecondition('COMMAND-QXPGs', 'Errors.Org.NotFound');
  }
  const projectId = resource.optionalString('projectId');
  if (projectId && !call.fresh.projects.has(projectId)) {
    throw failedPrecondition('COMMAND-EbFMN', 'Errors.Project.NotFound');
  }
}

/** Whether a resource is a project or a grant that is not there: then nobody administers it. */
function isUnknown(call: Call, resource: Message): boolean {
  const projectId = resource.optionalString('projectId');
  if (projectId) return !call.fresh.projects.has(projectId);
  const granted = resource.message('projectGrant');
  if (!granted) return false;
  return !call.fresh.projects.get(granted.id('projectId'))?.grants.has(granted.id('organizationId'));
}

function targetOf(call: Call, resource: Message): Target {
  if (resource.bool('instance')) {
    const resourceId = call.fresh.instance.id;
    return { scope: 'instance', resourceId, organizationId: '', family: 'IAM_', permission: 'iam.member' };
  }
  const organizationId = resource.optionalString('organizationId', { min: 1, max: 200 });
  if (organizationId !== undefined) {
    return {
      scope: 'organization',
      resourceId: organizationId,
      organizationId,
      family: 'ORG_',
      permission: 'org.member',
    };
  }
  const projectId = resource.optionalString('projectId', { min: 1, max: 200 });
  if (projectId !== undefined) {
    return {
      scope: 'project',
      resourceId: projectId,
      organizationId: projectOf(call, projectId).organizationId,
      projectId,
      family: 'PROJECT_',
      permission: 'project.member',
    };
  }
  const granted = resource.message('projectGrant');
  if (!granted) throw invalid('resource', 'value is required');
  const { project, grant } = grantOf(call, granted);
  return {
    scope: 'project_grant',
    resourceId: project.id,
    organizationId: grant.grantedOrganizationId,
    projectId: project.id,
    grantId: grant.id,
    family: 'PROJECT_GRANT_',
    permission: 'project.grant.member',
  };
}

function projectOf(call: Call, id: string): ProjectRow {
  const project = call.fresh.projects.get(id);
  if (!project) throw notFound('PROJECT-D8JxR', 'Errors.NotFound');
  return project;
}

function grantOf(call: Call, input: Message): { project: ProjectRow; grant: ProjectGrantRow } {
  const project = call.fresh.projects.get(input.id('projectId'));
  const grant = project?.grants.get(input.id('organizationId'));
  if (!project || !grant) throw notFound('PROJECT-D8JxR', 'Errors.Project.Grant.NotFound');
  return { project, grant };
}

function rolesOf(input: Message, target: Target): readonly string[] {
  const roles = input.strings('roles');
  if (roles.length === 0) throw invalid('roles', 'value must contain at least 1 item');
  if (roles.some((role) => !isRoleOf(role, target.family))) {
    throw invalidArgument(ids[target.scope].role, 'Errors.Member.Invalid');
  }
  return roles;
}

function sameRoles(row: AdministratorRow, roles: readonly string[]): boolean {
  return row.roles.length === roles.length && row.roles.every((role, at) => role === roles[at]);
}

function memberDraft(
  call: Call,
  target: Target,
  change: 'added' | 'changed' | 'removed',
  userId: string,
  roles: readonly string[],
): AnyDraft {
  const payload = { userId, roles };
  if (target.scope === 'instance') {
    const { id } = call.fresh.instance;
    return {
      aggregateType: 'instance',
      aggregateId: id,
      resourceOwner: id,
      type: `instance.member.${change}`,
      payload,
    };
  }
  if (target.scope === 'organization') {
    const id = target.resourceId;
    return {
      aggregateType: 'org',
      aggregateId: id,
      resourceOwner: id,
      type: `org.member.${change}`,
      payload,
    };
  }
  const project = projectOf(call, target.resourceId);
  const of = {
    aggregateType: 'project',
    aggregateId: project.id,
    resourceOwner: project.organizationId,
  } as const;
  if (target.grantId === undefined) return { ...of, type: `project.member.${change}`, payload };
  return { ...of, type: `project.grant.member.${change}`, payload: { ...payload, grantId: target.grantId } };
}
