import { hasAdminPower, requireAllowed } from '../access/index.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { membershipDrafts } from '../membership.ts';
import type { NetbirdDraft, UserRow } from '../store/index.ts';
import { type Handler, idAt, readFields, text, texts } from './call.ts';
import { UserView } from './user-view.ts';
import { removalOf, roleOf, userOf } from './users.ts';

interface Update {
  readonly role: string;
  readonly autoGroups: readonly string[];
  readonly blocked: boolean;
}

/** Replaces role, groups and block, all at once (management/server/http/handlers/users/users_handler.go, updateUser). */
export const updateUser: Handler = async (call) => {
  const { kernel, caller } = call;
  // Looked up before anything is checked, the caller's role included.
  const user = userOf(kernel, idAt(call));
  const fields = readFields(call.body, { role: 'string', auto_groups: 'strings', is_blocked: 'boolean' });
  const autoGroups = texts(fields, 'auto_groups');
  if (!autoGroups) throw new ApiError('badRequest', "auto_groups field can't be absent", { verbatim: true });
  const role = roleOf(text(fields, 'role'));
  if (!role) throw new ApiError('invalid', 'invalid user role');
  requireAllowed(kernel.state, caller, 'users', 'create');
  // What is left out is false: leaving out is_blocked unblocks.
  const update: Update = { role, autoGroups, blocked: fields.is_blocked === true };
  check(kernel, userOf(kernel, caller), user, update);
  kernel.push(caller, ...draftsOf(kernel, userOf(kernel, caller), user, update));
  kernel.push(caller, ...membershipDrafts(kernel, user, autoGroups));
  return (await UserView.of(kernel, caller)).body(userOf(kernel, user.id));
};

/** The rules of a change (management/server/user.go, validateUserUpdate), in their order. */
function check(kernel: Kernel, caller: UserRow, user: UserRow, update: Update): void {
  const refuse = (kind: 'denied' | 'invalid', reason: string) =>
    new ApiError(kind, `failed to process update for user ${user.id}: ${reason}`);
  if (!hasAdminPower(caller)) throw refuse('denied', 'only admins and owners can update users');
  const itself = caller.id === user.id;
  const isOwner = caller.role === 'owner';
  if (itself && user.blocked !== update.blocked)
    throw refuse('denied', "admins can't block or unblock themselves");
  if (itself && update.role !== caller.role) throw refuse('denied', "admins can't change their role");
  if (!isOwner && user.role === 'owner' && update.role !== user.role)
    throw refuse('denied', 'only owners can remove owner role from their user');
  if (user.role === 'owner' && update.blocked && !user.blocked)
    throw refuse('denied', 'unable to block owner user');
  if (!isOwner && update.role === 'owner' && update.role !== user.role)
    throw refuse('denied', 'only owners can add owner role to other users');
  if (user.isServiceUser && update.role === 'owner')
    throw refuse('denied', "can't update a service user with owner role");
  for (const id of update.autoGroups) {
    const group = kernel.state.groups.get(id);
    if (!group)
      throw refuse('invalid', `provided group ID ${id} in the user ${user.id} update doesn't exist`);
    if (group.name === 'All') throw refuse('invalid', "can't add All group to the user");
  }
}

/** Ownership moves from the caller; a block makes the user's devices sign in anew. */
function draftsOf(kernel: Kernel, caller: UserRow, user: UserRow, update: Update): readonly NetbirdDraft[] {
  const drafts: NetbirdDraft[] = [];
  if (caller.role === 'owner' && caller.id !== user.id && update.role === 'owner')
    drafts.push({ type: 'transferred.owner.role', target: caller.id, payload: {} });
  drafts.push({ type: 'user.update', target: user.id, payload: { ...update } });
  if (!update.blocked || user.blocked) return drafts;
  for (const peer of kernel.state.peers.values()) {
    if (peer.userId === user.id && !peer.loginExpired)
      drafts.push({ type: 'peer.login.expire', target: peer.id, payload: {} });
  }
  return drafts;
}

/** Lets in somebody who waits (management/server/user.go, ApproveUser). */
export const approveUser: Handler = async (call) => {
  const { kernel, caller } = call;
  requireAllowed(kernel.state, caller, 'users', 'update');
  const user = waiting(kernel, idAt(call));
  kernel.push(caller, { type: 'user.approve', target: user.id, payload: {} });
  return (await UserView.of(kernel, caller)).body(userOf(kernel, user.id));
};

/** Removes somebody who waits (management/server/user.go, RejectUser). */
export const rejectUser: Handler = (call) => {
  const { kernel, caller } = call;
  requireAllowed(kernel.state, caller, 'users', 'delete');
  kernel.push(caller, ...removalOf(kernel, waiting(kernel, idAt(call))));
  return {};
};

function waiting(kernel: Kernel, id: string): UserRow {
  const user = userOf(kernel, id);
  if (!user.pendingApproval) throw new ApiError('invalid', `user ${id} is not pending approval`);
  return user;
}
