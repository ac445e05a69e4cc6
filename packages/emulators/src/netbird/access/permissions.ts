import { ApiError, permissionDenied, userNotFound } from '../errors.ts';
import type { State, UserRow } from '../store/index.ts';

/** What a call is about (management/server/permissions/modules). */
export type Module = 'users' | 'groups' | 'peers' | 'pats' | 'accounts' | 'settings';

/** What a call does with it. */
export type Operation = 'read' | 'create' | 'update' | 'delete';

const roles: Readonly<Record<string, (module: Module, operation: Operation) => boolean>> = {
  owner: () => true,
  admin: (module, operation) => module !== 'accounts' || operation === 'read',
  auditor: (_, operation) => operation === 'read',
  network_admin: (module, operation) => operation === 'read' || module === 'groups' || module === 'pats',
  user: () => false,
};

/**
 * Whether a user may do something. Service users may read everything whatever their role, blocked users nothing
 * (management/server/permissions/manager.go). `wraps` says how refusals of blocked users are worded: most calls put a
 * sentence in front, those about groups do not (management/server/group.go, CheckGroupPermissions).
 */
export function isAllowed(
  state: State,
  userId: string,
  module: Module,
  operation: Operation,
  wraps = true,
): boolean {
  const user = state.users.get(userId);
  const refuse = (text: string) =>
    new ApiError('denied', wraps ? `failed to validate user permissions: ${text}` : text);
  if (!user) throw wraps ? refuse(`user: ${userId} not found`) : userNotFound(userId);
  if (user.blocked) throw refuse(user.pendingApproval ? 'user is pending approval' : 'user is blocked');
  if (operation === 'read' && user.isServiceUser) return true;
  const role = roles[user.role];
  // The role billing_admin exists by name, but has no permissions listed (management/server/permissions/roles).
  if (!role) throw refuse(`user role: ${user.role} not found`);
  return role(module, operation);
}

/** Refuses what is not allowed. */
export function requireAllowed(
  state: State,
  userId: string,
  module: Module,
  operation: Operation,
  wraps = true,
): void {
  if (!isAllowed(state, userId, module, operation, wraps)) throw permissionDenied();
}

/** Whether a user is an admin or the owner (management/server/types/user.go, HasAdminPower). */
export function hasAdminPower(user: UserRow | undefined): boolean {
  return user?.role === 'admin' || user?.role === 'owner';
}
