import { ApiError, userNotFound } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { signIn } from './sign-in.ts';
import type { NetbirdDraft, PeerRow, UserRow } from './store/index.ts';

/** Somebody who signs in, as the identity provider knows it. */
export interface Person {
  /** Zitadel's user id. */
  readonly sub: string;
  readonly email?: string;
  readonly name?: string;
  /** More of what the token says, such as a claim that names groups. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Somebody signs in to NetBird, as with the first request of the dashboard. Returns NetBird's id of the user. */
export function signInAs(kernel: Kernel, { sub, email = '', name = '', claims = {} }: Person): string {
  return signIn(kernel, { sub, email, name, all: claims }).id;
}

/**
 * Somebody signs in on a device with NetBird's client: the only way for a device to appear. The device joins the group All and
 * the user's groups (management/server/peer.go, AddPeer); one that had to sign in anew is let in again.
 */
export function connectDevice(kernel: Kernel, person: Person, name: string, os = 'linux'): PeerRow {
  const user = userOf(kernel, signInAs(kernel, person));
  const { peers } = kernel.state;
  const known = [...peers.values()].find((peer) => peer.userId === user.id && peer.name === name);
  const id = known?.id ?? kernel.newId();
  // Only a device that is there is refused to who is blocked. A new one is listed, and gets nothing from the network.
  if (known && user.blocked) throw new ApiError('denied', 'user is blocked');
  if (!known && user.pendingApproval) throw new ApiError('denied', 'user pending approval cannot add peers');
  if (known) kernel.push(user.id, { type: 'user.peer.login', target: id, payload: {} });
  else kernel.push(user.id, ...additionOf(kernel, user, { id, name, os }));
  const peer = peers.get(id);
  if (!peer) throw new ApiError('internal', 'internal server error');
  return peer;
}

function additionOf(
  kernel: Kernel,
  user: UserRow,
  { id, name, os }: Pick<PeerRow, 'id' | 'name' | 'os'>,
): readonly NetbirdDraft[] {
  const { peers, groups } = kernel.state;
  const ip = `100.127.${Math.floor(peers.size / 250)}.${(peers.size % 250) + 2}`;
  const joined = [kernel.allGroupId, ...user.autoGroups].flatMap((groupId): NetbirdDraft[] => {
    const group = groups.get(groupId);
    if (!group) return [];
    const payload = { name: group.name, peers: [...group.peers, id] };
    return [{ type: 'group.update', target: groupId, payload }];
  });
  return [{ type: 'peer.user.add', target: id, payload: { userId: user.id, name, ip, os } }, ...joined];
}

function userOf(kernel: Kernel, id: string): UserRow {
  const user = kernel.state.users.get(id);
  if (!user) throw userNotFound(id);
  return user;
}
