import { invalidArgument } from '../errors.ts';
import type { AdministratorRow, State } from '../projections/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Answer, Handler } from './call.ts';
import { listDetails, oldPaging, pageOf, sortedBy } from './lists.ts';

/**
 * ListMyMemberships of the v1 auth API: what the caller administers, for anybody who is signed in
 * (internal/api/grpc/auth/permission.go). A project's grant is named by its own id alone.
 */
export const listMyMemberships: Handler = (call, input) => {
  const state = call.lagging;
  const matchers = input.messages('queries').map(matcherOf);
  const own = [...(state.administratorsOfUser.get(call.caller.userId) ?? [])]
    .flatMap((key) => state.administrators.get(key) ?? [])
    .filter((row) => matchers.every((matches) => matches(row)));
  const page = pageOf(
    sortedBy(own, ({ createdAt }) => createdAt),
    oldPaging(input),
  );
  return { details: listDetails(state, page.total), result: page.rows.map((row) => membership(state, row)) };
};

function matcherOf(query: Message): (row: AdministratorRow) => boolean {
  const id = (kind: string, field: string) => query.message(kind)?.string(field);
  const organizationId = id('orgQuery', 'orgId');
  if (organizationId !== undefined)
    return ({ scope, resourceId }) => scope === 'organization' && resourceId === organizationId;
  const projectId = id('projectQuery', 'projectId');
  if (projectId !== undefined)
    return ({ scope, resourceId }) => scope === 'project' && resourceId === projectId;
  const grant = id('projectGrantQuery', 'projectGrantId');
  if (grant !== undefined) return ({ scope, grantId }) => scope === 'project_grant' && grantId === grant;
  if (query.message('iamQuery')) return ({ scope }) => scope === 'instance';
  throw invalidArgument('USER-dsg3z', 'Errors.List.Query.Invalid');
}

function membership(state: State, row: AdministratorRow): Answer {
  const { userId, roles, createdAt, changedAt, organizationId, resourceId, grantId } = row;
  const projectName = state.projects.get(resourceId)?.name;
  const ofScope = {
    instance: { iam: true, displayName: state.instance.name },
    organization: { orgId: resourceId, displayName: state.organizations.get(resourceId)?.name },
    project: { projectId: resourceId, displayName: projectName },
    project_grant: { projectGrantId: grantId, displayName: projectName },
  }[row.scope];
  return {
    userId,
    details: {
      creationDate: timestamp(createdAt),
      changeDate: timestamp(changedAt),
      resourceOwner: organizationId || state.instance.id,
    },
    roles,
    ...ofScope,
  };
}
