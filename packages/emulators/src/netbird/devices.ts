import { ApiError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { signIn } from './sign-in.ts';
import type { NetbirdDraft, PeerRow } from './store/index.ts';

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
  const userId = signInAs(kernel, person);
  const { users, peers, groups } = kernel.state;
  const user = users.get(userId);
  if (!user || user.blocked) {
    throw new ApiError('denied', user?.pendingApproval ? 'user is pending approval' : 'user is blocked');
  }
  const known = [...peers.values()].find((peer) => peer.userId === userId && peer.name === name);
  const id = known?.id ?? kernel.newId();
  if (known) kernel.push(userId, { type: 'user.peer.login', target: id, payload: {} });
  else {
    const ip = `100.127.${Math.floor(peers.size / 250)}.${(peers.size % 250) + 2}`;
    const joined = [kernel.allGroupId, ...user.autoGroups].flatMap((groupId): NetbirdDraft[] => {
      const group = groups.get(groupId);
      if (!group) return [];
      const payload = { name: group.name, peers: [...group.peers, id] };
      return [{ type: 'group.update', target: groupId, payload }];
    });
    kernel.push(userId, { type: 'peer.user.add', target: id, payload: { userId, name, ip, os } }, ...joined);
  }
  const peer = kernel.state.peers.get(id);
  if (!peer) throw new ApiError('internal', 'internal server error');
  return peer;
}
