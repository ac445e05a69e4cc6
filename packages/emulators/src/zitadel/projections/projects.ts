import type { EventPayloads, StoredEvent } from '../store/index.ts';
import { removeAdministratorsOf } from './administrators.ts';
import { removeApplication } from './applications.ts';
import { removeAuthorization } from './authorizations.ts';
import { objectState, type ProjectGrantRow, type ProjectRow } from './records.ts';
import type { Reducers } from './reducers.ts';
import type { State } from './state.ts';

type Types =
  | 'project.added'
  | 'project.changed'
  | 'project.deactivated'
  | 'project.reactivated'
  | 'project.removed'
  | Extract<keyof EventPayloads, `project.role.${string}`>
  | Exclude<Extract<keyof EventPayloads, `project.grant.${string}`>, `project.grant.member.${string}`>;

function change(state: State, event: StoredEvent, edit: (row: ProjectRow) => void): void {
  const row = state.projects.get(event.aggregateId);
  if (!row) return;
  edit(row);
  row.changedAt = event.createdAt;
  row.sequence = event.sequence;
}

/** Roles and grants are rows of their own: their changes do not touch the project's date. */
function grantOf(
  state: State,
  event: {
    readonly aggregateId: string;
    readonly createdAt: number;
    readonly payload: { readonly grantId: string };
  },
  edit: (row: ProjectGrantRow) => void,
): void {
  for (const grant of state.projects.get(event.aggregateId)?.grants.values() ?? []) {
    if (grant.id !== event.payload.grantId) continue;
    edit(grant);
    grant.changedAt = event.createdAt;
  }
}

const setGrantRoles = (
  state: State,
  event: StoredEvent<'project.grant.changed' | 'project.grant.cascade.changed'>,
): void => {
  grantOf(state, event, (grant) => {
    grant.roleKeys = event.payload.roleKeys;
  });
};

/** `organization/name`, the unique constraint of project names. */
export function projectNameKey(organizationId: string, name: string): string {
  return `${organizationId}/${name.toLowerCase()}`;
}

/** Projects, roles and grants (internal/query/projection/project*.go). */
export const projectReducers: Reducers<Types> = {
  'project.added': (state, event) => {
    const { payload } = event;
    // Upstream's projection fails on a second project of a living id and passes the event over.
    if (state.projects.has(event.aggregateId)) return;
    state.projectOwners.set(event.aggregateId, event.resourceOwner);
    state.projects.set(event.aggregateId, {
      id: event.aggregateId,
      organizationId: event.resourceOwner,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      sequence: event.sequence,
      name: payload.name,
      state: objectState.active,
      roleAssertion: payload.projectRoleAssertion ?? false,
      authorizationRequired: payload.projectRoleCheck ?? false,
      accessRequired: payload.hasProjectCheck ?? false,
      privateLabeling: payload.privateLabelingSetting ?? 0,
      roles: new Map(),
      grants: new Map(),
    });
    state.projectNames.set(projectNameKey(event.resourceOwner, payload.name), event.aggregateId);
  },
  'project.changed': (state, event) =>
    change(state, event, (row) => {
      const { payload } = event;
      if (payload.name !== undefined) {
        state.projectNames.delete(projectNameKey(row.organizationId, row.name));
        row.name = payload.name;
        state.projectNames.set(projectNameKey(row.organizationId, row.name), row.id);
      }
      row.roleAssertion = payload.projectRoleAssertion ?? row.roleAssertion;
      row.authorizationRequired = payload.projectRoleCheck ?? row.authorizationRequired;
      row.accessRequired = payload.hasProjectCheck ?? row.accessRequired;
      row.privateLabeling = payload.privateLabelingSetting ?? row.privateLabeling;
    }),
  'project.deactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.inactive;
    }),
  'project.reactivated': (state, event) =>
    change(state, event, (row) => {
      row.state = objectState.active;
    }),
  'project.removed': (state, event) => {
    removeProject(state, event.aggregateId);
    state.removedProjects.add(event.aggregateId);
  },
  'project.role.added': (state, event) => {
    const { key, displayName, group } = event.payload;
    state.projects.get(event.aggregateId)?.roles.set(key, {
      key,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      displayName,
      group: group ?? '',
    });
  },
  'project.role.changed': (state, event) => {
    const role = state.projects.get(event.aggregateId)?.roles.get(event.payload.key);
    if (!role) return;
    role.displayName = event.payload.displayName ?? role.displayName;
    role.group = event.payload.group ?? role.group;
    role.changedAt = event.createdAt;
  },
  'project.role.removed': (state, event) => {
    state.projects.get(event.aggregateId)?.roles.delete(event.payload.key);
  },
  'project.grant.added': (state, event) => {
    const { grantId, grantedOrgId, roleKeys } = event.payload;
    state.projects.get(event.aggregateId)?.grants.set(grantedOrgId, {
      id: grantId,
      grantedOrganizationId: grantedOrgId,
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      roleKeys,
      state: objectState.active,
    });
  },
  'project.grant.changed': setGrantRoles,
  'project.grant.cascade.changed': setGrantRoles,
  'project.grant.deactivated': (state, event) =>
    grantOf(state, event, (grant) => {
      grant.state = objectState.inactive;
    }),
  'project.grant.reactivated': (state, event) =>
    grantOf(state, event, (grant) => {
      grant.state = objectState.active;
    }),
  'project.grant.removed': (state, event) => {
    const { grantId, grantedOrgId } = event.payload;
    state.projects.get(event.aggregateId)?.grants.delete(grantedOrgId);
    removeAdministratorsOf(state, (row) => row.scope === 'project_grant' && row.grantId === grantId);
  },
};

/** Removes a project and what hangs on it. */
export function removeProject(state: State, id: string): void {
  const row = state.projects.get(id);
  if (!row) return;
  state.projects.delete(id);
  state.projectNames.delete(projectNameKey(row.organizationId, row.name));
  for (const application of state.applications.values()) {
    if (application.projectId === id) removeApplication(state, application.id);
  }
  for (const authorization of state.authorizations.values()) {
    if (authorization.projectId === id) removeAuthorization(state, authorization.id);
  }
  removeAdministratorsOf(
    state,
    (admin) => (admin.scope === 'project' || admin.scope === 'project_grant') && admin.resourceId === id,
  );
}
