import type { EventPayloads, MemberFields } from '../store/index.ts';
import type { AdministratorRow } from './records.ts';
import type { Reducers } from './reducers.ts';
import { addTo, removeFrom } from './sets.ts';
import type { State } from './state.ts';

type Types = Extract<
  keyof EventPayloads,
  | `instance.member.${string}`
  | `org.member.${string}`
  | `project.member.${string}`
  | `project.grant.member.${string}`
>;

type Place = Pick<AdministratorRow, 'scope' | 'userId' | 'resourceId'> & { readonly grantId?: string };

/** One user administers one resource once. */
export function administratorKey(place: Place): string {
  return `${place.scope}/${place.resourceId}/${place.grantId ?? ''}/${place.userId}`;
}

/** What the events of all four families have in common. */
interface MemberEvent {
  readonly aggregateId: string;
  readonly resourceOwner: string;
  readonly createdAt: number;
  readonly payload: MemberFields & { readonly grantId?: string };
}

function placeOf(
  scope: AdministratorRow['scope'],
  event: {
    readonly aggregateId: string;
    readonly payload: { readonly userId: string; readonly grantId?: string };
  },
): Place {
  const { userId, grantId } = event.payload;
  return { scope, userId, resourceId: event.aggregateId, ...(grantId === undefined ? {} : { grantId }) };
}

const add =
  (scope: AdministratorRow['scope']) =>
  (state: State, event: MemberEvent): void => {
    const place = placeOf(scope, event);
    const key = administratorKey(place);
    state.administrators.set(key, {
      ...place,
      grantId: place.grantId ?? '',
      organizationId: organizationOf(state, scope, event, place.grantId),
      createdAt: event.createdAt,
      changedAt: event.createdAt,
      roles: event.payload.roles,
    });
    addTo(state.administratorsOfUser, place.userId, key);
  };

/** A grant's administrator acts in the organization that was granted the project. */
function organizationOf(
  state: State,
  scope: AdministratorRow['scope'],
  event: MemberEvent,
  grantId: string | undefined,
): string {
  if (scope === 'instance') return '';
  if (scope !== 'project_grant') return event.resourceOwner;
  for (const grant of state.projects.get(event.aggregateId)?.grants.values() ?? []) {
    if (grant.id === grantId) return grant.grantedOrganizationId;
  }
  return event.resourceOwner;
}

const change =
  (scope: AdministratorRow['scope']) =>
  (state: State, event: MemberEvent): void => {
    const row = state.administrators.get(administratorKey(placeOf(scope, event)));
    if (!row) return;
    row.roles = event.payload.roles;
    row.changedAt = event.createdAt;
  };

const remove =
  (scope: AdministratorRow['scope']) =>
  (
    state: State,
    event: {
      readonly aggregateId: string;
      readonly createdAt: number;
      readonly payload: { readonly userId: string; readonly grantId?: string };
    },
  ): void => {
    const place = placeOf(scope, event);
    state.formerAdministrators.set(administratorKey(place), event.createdAt);
    state.administrators.delete(administratorKey(place));
    removeFrom(state.administratorsOfUser, place.userId, administratorKey(place));
  };

/** Administrators, "members" inside (internal/query/projection/*_member.go). */
export const administratorReducers: Reducers<Types> = {
  'instance.member.added': add('instance'),
  'instance.member.changed': change('instance'),
  'instance.member.removed': remove('instance'),
  'org.member.added': add('organization'),
  'org.member.changed': change('organization'),
  'org.member.removed': remove('organization'),
  'project.member.added': add('project'),
  'project.member.changed': change('project'),
  'project.member.removed': remove('project'),
  'project.grant.member.added': add('project_grant'),
  'project.grant.member.changed': change('project_grant'),
  'project.grant.member.removed': remove('project_grant'),
};

/** Removes every administrator that matches. */
export function removeAdministratorsOf(state: State, matches: (row: AdministratorRow) => boolean): void {
  for (const [key, row] of state.administrators) {
    if (!matches(row)) continue;
    state.administrators.delete(key);
    removeFrom(state.administratorsOfUser, row.userId, key);
  }
}
