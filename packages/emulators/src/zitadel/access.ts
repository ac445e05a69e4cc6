import { notFound, permissionDenied, unauthenticated } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { roleHolds } from './permissions.ts';
import type { AdministratorRow, State } from './projections/index.ts';

/** Who calls, as the token said. */
export interface Caller {
  readonly userId: string;
  /** Home organization of the user. */
  readonly organizationId: string;
  /** `x-zitadel-orgid`, else the home organization. */
  readonly contextOrganizationId: string;
  /** Login session that the token belongs to; empty for machines. */
  readonly sessionId: string;
  /** Client that the token was issued to; empty for personal access tokens and session tokens. */
  readonly clientId: string;
}

/** What a permission is asked for. */
export interface Place {
  /** Empty asks for the instance. */
  readonly organizationId: string;
  /** Project whose own administrators count too; their roles reach no other. */
  readonly projectId?: string;
}

/**
 * Lets the call pass or throws, as internal/api/authz/permissions.go does: without any membership in scope the answer is
 * NotFound (AUTHZ-cdgFk), so NotFound does not prove absence; with memberships that do not hold the permission it is
 * PermissionDenied (AUTH-AWfge), with ones that hold it for another project only AUTH-Swrgg2.
 */
export function requirePermission(kernel: Kernel, caller: Caller, permission: string, place: Place): void {
  const refusal = refusalOf(kernel, caller, permission, place);
  if (refusal) throw refusal;
}

/** Whether {@link requirePermission} would pass; lists leave out what it refuses. */
export function permits(kernel: Kernel, caller: Caller, permission: string, place: Place): boolean {
  return refusalOf(kernel, caller, permission, place) === undefined;
}

/**
 * Lets a call pass whose method declares a permission, or throws, before its handler looks at anything: what counts is
 * what the caller may do in the organization of its context, there or on any project of it
 * (internal/api/authz/authorization.go). Some methods ask again for the very thing, by {@link requirePermission}.
 */
export function requireDeclared(kernel: Kernel, caller: Caller, permission: string): void {
  if (caller.userId === '') throw unauthenticated('auth header missing');
  const memberships = membershipsOf(kernel, caller, { organizationId: caller.contextOrganizationId });
  if (memberships.length === 0) throw notFound('AUTHZ-cdgFk', 'membership not found');
  if (!memberships.some((membership) => holds(membership, permission))) {
    throw permissionDenied('AUTH-5mWD2', 'No matching permissions found');
  }
}

function refusalOf(kernel: Kernel, caller: Caller, permission: string, place: Place) {
  if (caller.userId === '') return unauthenticated('auth header missing');
  const memberships = membershipsOf(kernel, caller, place);
  if (memberships.length === 0) return notFound('AUTHZ-cdgFk', 'membership not found');
  const holding = memberships.filter((membership) => holds(membership, permission));
  if (holding.some((membership) => reaches(membership, place))) return undefined;
  const id = holding.length === 0 ? 'AUTH-AWfge' : 'AUTH-Swrgg2';
  return permissionDenied(id, 'No matching permissions found');
}

function holds(membership: AdministratorRow, permission: string): boolean {
  return membership.roles.some((role) => roleHolds(role, permission));
}

/** Memberships lag; where none is found the projection is waited for, once (internal/authz/repository/user_membership.go). */
function membershipsOf(kernel: Kernel, { userId }: Caller, place: Place): readonly AdministratorRow[] {
  const known = membershipsIn(kernel.lagging, userId, place);
  return known.length > 0 ? known : membershipsIn(kernel.fresh, userId, place);
}

function membershipsIn(state: State, userId: string, place: Place): readonly AdministratorRow[] {
  const rows: AdministratorRow[] = [];
  for (const key of state.administratorsOfUser.get(userId) ?? []) {
    const row = state.administrators.get(key);
    if (row && (row.scope === 'instance' || row.organizationId === place.organizationId)) rows.push(row);
  }
  return rows;
}

/** Roles on a project reach that project only, those on an organization all of it. */
function reaches(membership: AdministratorRow, place: Place): boolean {
  if (membership.scope === 'instance' || membership.scope === 'organization') return true;
  return membership.resourceId === place.projectId;
}
