import type { PeerBody } from '@drawbridge/netbird';
import { isAllowed, requireAllowed } from '../access/index.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { PeerRow } from '../store/index.ts';
import { type Handler, idAt, time } from './call.ts';
import { userOf } from './users.ts';

/** All devices; a person without a role sees none, or its own where the account allows it (management/server/peer.go, GetPeers). */
export const listPeers: Handler = ({ kernel, caller, query }) => {
  const { state } = kernel;
  const user = userOf(kernel, caller);
  const seesAll = isAllowed(state, caller, 'peers', 'read');
  const restricted = user.role === 'user' || user.role === 'billing_admin';
  if (!seesAll && restricted && state.settings.regular_users_view_blocked) return [];
  const name = query.get('name');
  const ip = query.get('ip');
  return [...state.peers.values()]
    .filter((peer) => seesAll || peer.userId === caller)
    .filter((peer) => (!name || peer.name.includes(name)) && (!ip || peer.ip.includes(ip)))
    .map((peer) => bodyOf(kernel, peer));
};

export const getPeer: Handler = (call) => {
  const { kernel, caller } = call;
  const peer = kernel.state.peers.get(idAt(call));
  const seesAll = isAllowed(kernel.state, caller, 'peers', 'read');
  if (!peer || (!seesAll && peer.userId !== caller))
    throw new ApiError('notFound', `peer not found: ${idAt(call)}`);
  return bodyOf(kernel, peer);
};

export const deletePeer: Handler = (call) => {
  const { kernel, caller } = call;
  requireAllowed(kernel.state, caller, 'peers', 'delete');
  const peer = kernel.state.peers.get(idAt(call));
  // Upstream looks for the device's account first, and misses that (management/server/store/sql_store.go).
  if (!peer) throw new ApiError('notFound', `peer ${idAt(call)} account not found`);
  kernel.push(caller, { type: 'user.peer.delete', target: peer.id, payload: {} });
  return {};
};

function bodyOf({ state }: Kernel, peer: PeerRow): PeerBody {
  const label = peer.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return {
    id: peer.id,
    name: peer.name,
    hostname: peer.name,
    ip: peer.ip,
    dns_label: `${label}.${state.domain}`,
    // What a device is refused as long as its user is blocked is the network, not its place in the list.
    connected: !peer.loginExpired && !(state.users.get(peer.userId)?.blocked ?? false),
    last_seen: time(peer.lastLogin),
    last_login: time(peer.lastLogin),
    login_expired: peer.loginExpired,
    login_expiration_enabled: state.settings.peer_login_expiration_enabled,
    user_id: peer.userId,
    groups: [...state.groups.values()]
      .filter(({ peers }) => peers.includes(peer.id))
      .map(({ id, name }) => ({ id, name })),
    os: peer.os,
    version: '0.77.1',
    created_at: time(peer.createdAt),
  };
}
