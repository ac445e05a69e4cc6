import type { CallOptions, Transport } from '../transport/index.ts';
import type { PeerBody } from '../wire/index.ts';
import { isMissing, readList, readTime, type Shape, segment } from './reading.ts';

/** A device in the network. */
export interface NetbirdPeer {
  readonly id: string;
  readonly name: string;
  readonly ip: string;
  /** Empty for one that came by a setup key. */
  readonly userId: string;
  readonly connected: boolean;
  /** Whether its user has to sign in on it before it is let in again. */
  readonly loginExpired: boolean;
  readonly groupIds: readonly string[];
  readonly os: string;
  readonly version: string;
  readonly lastSeen?: Date;
}

/** NetBird's devices. Only a client program can add one. Every method throws what the transport throws. */
export interface Peers {
  list(options?: CallOptions): Promise<readonly NetbirdPeer[]>;
  /** The devices of one user, by its NetBird id. */
  ofUser(userId: string, options?: CallOptions): Promise<readonly NetbirdPeer[]>;
  /** Removes a device. One that is not there is fine. */
  remove(id: string, options?: CallOptions): Promise<void>;
}

const shape: Shape = { id: 'string', user_id: 'string', login_expired: 'boolean' };

/** The devices of a NetBird, over its transport. */
export function createPeers(transport: Transport): Peers {
  const list = async (options?: CallOptions) =>
    readList<PeerBody>(await transport.call('GET', '/api/peers', undefined, options), 'a device', shape).map(
      toPeer,
    );
  return {
    list,
    ofUser: async (userId, options) => (await list(options)).filter((peer) => peer.userId === userId),
    async remove(id, options) {
      try {
        await transport.call('DELETE', `/api/peers/${segment(id)}`, undefined, options);
      } catch (error) {
        if (!isMissing(error, `peer ${id} account not found`, `peer not found: ${id}`)) throw error;
      }
    },
  };
}

function toPeer(body: PeerBody): NetbirdPeer {
  const lastSeen = readTime(body.last_seen);
  return {
    id: body.id,
    name: body.name,
    ip: body.ip,
    userId: body.user_id,
    connected: body.connected,
    loginExpired: body.login_expired,
    groupIds: (body.groups ?? []).map(({ id }) => id),
    os: body.os,
    version: body.version,
    ...(lastSeen ? { lastSeen } : {}),
  };
}
