import { randomBytes, randomUUID } from 'node:crypto';
import { dexUserId } from '@drawbridge/netbird';
import { isAllowed, requireAllowed } from '../access/index.ts';
import { ApiError, permissionDenied, userNotFound } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { NetbirdDraft, UserRow } from '../store/index.ts';
import { type Call, type Handler, idAt, readFields, text, texts } from './call.ts';
import { UserView } from './user-view.ts';

/** Roles by their names, whatever the case (management/server/types/user.go, StrRoleToUserRole). */
const roles = new Set(['owner', 'admin', 'user', 'billing_admin', 'auditor', 'network_admin']);

export function roleOf(name: string): string | undefined {
  const role = name.toLowerCase();
  return roles.has(role) ? role : undefined;
}

/** The user of an id. @throws {ApiError} 404 */
export function userOf(kernel: Kernel, id: string): UserRow {
  const user = kernel.state.users.get(id);
  if (!user) throw userNotFound(id);
  return user;
}

/** Everybody, or only the caller where its role shows it nobody else. */
export const listUsers: Handler = async ({ kernel, caller, query }) => {
  const seesAll = isAllowed(kernel.state, caller, 'users', 'read');
  const rows = seesAll ? [...kernel.state.users.values()] : [userOf(kernel, caller)];
  const filter = query.get('service_user') ?? '';
  const wanted = filter === '' ? undefined : parseBool(filter);
  const view = await UserView.of(kernel, caller);
  return rows
    .filter(({ isServiceUser }) => wanted === undefined || isServiceUser === wanted)
    .map((user) => view.body(user));
};

/** As Go's strconv.ParseBool. */
function parseBool(value: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false;
  throw new ApiError('invalid', 'invalid service_user query parameter');
}

/** The caller; refused to service users (management/server/user.go, GetCurrentUserInfo). */
export const currentUser: Handler = async ({ kernel, caller }) => {
  const user = userOf(kernel, caller);
  if (user.blocked) throw new ApiError('denied', 'user is blocked');
  if (user.isServiceUser) throw permissionDenied();
  return (await UserView.of(kernel, caller)).current(user);
};

/** Makes a service user, or a person in the identity provider too (management/server/user.go, CreateUser). */
export const createUser: Handler = async (call) => {
  const { kernel, caller } = call;
  const fields = readFields(call.body, {
    role: 'string',
    email: 'string',
    name: 'string',
    auto_groups: 'strings',
    is_service_user: 'boolean',
  });
  const role = roleOf(text(fields, 'role'));
  if (!role) throw new ApiError('invalid', `unknown user role ${text(fields, 'role')}`);
  // Nothing checks whether the groups are there.
  const base = { role, name: text(fields, 'name'), autoGroups: texts(fields, 'auto_groups') ?? [] };
  if (fields.is_service_user !== true) return invite(call, { ...base, email: text(fields, 'email') });
  requireAllowed(kernel.state, caller, 'users', 'create');
  if (role === 'owner') throw new ApiError('invalid', "can't create a service user with owner role");
  const id = randomUUID();
  kernel.push(caller, {
    type: 'service.user.create',
    target: id,
    payload: { ...base, email: '', isServiceUser: true, blocked: false, pendingApproval: false },
  });
  // The reply to a create is made from the row, whatever the manager sees.
  const view = await UserView.of(kernel, caller);
  return { ...view.body(userOf(kernel, id)), issued: 'api' };
};

interface Invited {
  readonly role: string;
  readonly name: string;
  readonly email: string;
  readonly autoGroups: readonly string[];
}

const existing = "can't invite a user with an existing NetBird account";

async function invite({ kernel, caller }: Call, invited: Invited): Promise<unknown> {
  const { idpManager, identity } = kernel.outside;
  if (identity === 'external' && !idpManager)
    throw new ApiError('precondition', 'IdP manager must be enabled to send user invites');
  if (invited.name === '') throw new ApiError('invalid', "name can't be empty");
  if (invited.email === '') throw new ApiError('invalid', "email can't be empty");
  if (invited.role === 'owner') throw new ApiError('invalid', "can't invite a user with owner role");
  requireAllowed(kernel.state, caller, 'users', 'create');
  let id: string;
  let password: string | undefined;
  if (identity === 'dex') {
    const email = invited.email.toLowerCase();
    if ([...kernel.state.users.values()].some((user) => user.email.toLowerCase() === email))
      throw new ApiError('exists', existing);
    id = dexUserId(randomUUID(), 'local');
    password = randomBytes(12).toString('base64url');
  } else {
    // By the letter, so that another case makes a second person (management/server/idp/zitadel.go, GetUserByEmail).
    const people = (await idpManager?.list()) ?? [];
    if (people.some(({ email }) => email === invited.email)) throw new ApiError('exists', existing);
    id = (await idpManager?.create(invited))?.id ?? '';
  }
  kernel.push(caller, {
    type: 'user.invite',
    target: id,
    payload: { ...invited, isServiceUser: false, blocked: false, pendingApproval: false },
  });
  const { idp_id: _, ...body } = (await UserView.of(kernel, caller)).body(userOf(kernel, id));
  // Invited in this reply alone: the state is kept nowhere (management/server/idp/zitadel.go).
  return identity === 'dex' ? { ...body, password } : { ...body, status: 'invited' };
}

/** Sends an invitation again, which is refused for whoever is there (management/server/user.go, InviteUser). */
export const inviteUser: Handler = async (call) => {
  const { kernel, caller } = call;
  const { idpManager, identity } = kernel.outside;
  if (identity === 'external' && !idpManager)
    throw new ApiError('precondition', 'IdP manager must be enabled to send user invites');
  requireAllowed(kernel.state, caller, 'users', 'create');
  const user = userOf(kernel, idAt(call));
  const known = ((await idpManager?.list()) ?? []).some(({ id }) => id === user.id);
  if (identity === 'dex' || !known) throw new ApiError('notFound', `user account ${user.id} doesn't exist`);
  throw new ApiError('precondition', "can't invite a user with an activated NetBird account");
};

/** Removes a user with devices and tokens. It stays in the identity provider, and comes back with its next sign-in. */
export const deleteUser: Handler = (call) => {
  const { kernel, caller } = call;
  const id = idAt(call);
  if (id === caller) throw new ApiError('invalid', 'self deletion is not allowed');
  requireAllowed(kernel.state, caller, 'users', 'delete');
  const user = userOf(kernel, id);
  if (user.role === 'owner') throw new ApiError('denied', "can't delete a user with the owner role");
  kernel.push(caller, ...removalOf(kernel, user));
  return {};
};

/** What the removal of a user does. */
export function removalOf(kernel: Kernel, user: UserRow): readonly NetbirdDraft[] {
  const devices = [...kernel.state.peers.values()].filter(({ userId }) => userId === user.id);
  return [
    ...devices.map(({ id }) => ({ type: 'user.peer.delete', target: id, payload: {} }) as const),
    { type: 'user.delete', target: user.id, payload: {} },
  ];
}
