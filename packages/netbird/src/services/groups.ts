import type { CallOptions, Transport } from '../transport/index.ts';
import { NetbirdError } from '../transport/index.ts';
import type { GroupBody, GroupRequestBody } from '../wire/index.ts';
import { isMissing, readList, readObject, type Shape, segment } from './reading.ts';

/** A group of devices. */
export interface NetbirdGroup {
  readonly id: string;
  readonly name: string;
  /** `api`: made by hand or by us; `jwt`: by a claim of tokens; `integration`: by a directory. Only the first are ours. */
  readonly issued: 'api' | 'jwt' | 'integration';
  readonly peerIds: readonly string[];
}

/** NetBird's groups. Every method throws what the transport throws; the codes named are those to expect. */
export interface Groups {
  list(options?: CallOptions): Promise<readonly NetbirdGroup[]>;
  /** @throws {DrawbridgeError} `netbird_not_found` */
  get(id: string, options?: CallOptions): Promise<NetbirdGroup>;
  /**
   * The ids of the groups with these names, in the same order; those that are not there are made. Names are compared to the
   * letter. Where several groups have one name, the one that came first in NetBird's list is taken.
   *
   * @throws {DrawbridgeError} `netbird_group_foreign` for a name that only groups of tokens or integrations have: those come
   * and go with whoever made them, and NetBird refuses a second group of that name
   */
  ensure(names: readonly string[], options?: CallOptions): Promise<readonly string[]>;
  /**
   * Removes a group. One that is not there is fine.
   *
   * @throws {DrawbridgeError} `netbird_group_linked` while something uses it, `netbird_invalid_argument` for the group All
   */
  remove(id: string, options?: CallOptions): Promise<void>;
}

const shape: Shape = { id: 'string', name: 'string' };

/** The groups of a NetBird, over its transport. */
export function createGroups(transport: Transport): Groups {
  const list = async (options?: CallOptions) =>
    readList<GroupBody>(await transport.call('GET', '/api/groups', undefined, options), 'a group', shape).map(
      toGroup,
    );

  const create = async (name: string, options?: CallOptions): Promise<NetbirdGroup> => {
    const body: GroupRequestBody = { name };
    try {
      const answer = await transport.call('POST', '/api/groups', body, options);
      return toGroup(readObject<GroupBody>(answer, 'a group', shape));
    } catch (error) {
      if (!(error instanceof NetbirdError && error.code === 'netbird_already_exists')) throw error;
      // Somebody else made it since the list was read.
      const made = ours(await list(options), name);
      if (!made) throw error;
      return made;
    }
  };

  return {
    list,
    get: async (id, options) =>
      toGroup(
        readObject<GroupBody>(
          await transport.call('GET', `/api/groups/${segment(id)}`, undefined, options),
          'a group',
          shape,
        ),
      ),

    async ensure(names, options) {
      if (names.length === 0) return [];
      const there = await list(options);
      // Every name is looked at before the first group is made.
      const known = new Map(names.map((name) => [name, ours(there, name)]));
      for (const [name, group] of known) known.set(name, group ?? (await create(name, options)));
      return names.map((name) => known.get(name)?.id ?? '');
    },

    async remove(id, options) {
      try {
        await transport.call('DELETE', `/api/groups/${segment(id)}`, undefined, options);
      } catch (error) {
        if (!isMissing(error, `group: ${id} not found`)) throw error;
      }
    },
  };
}

/** The group of a name that we may use. @throws {DrawbridgeError} `netbird_group_foreign` */
function ours(groups: readonly NetbirdGroup[], name: string): NetbirdGroup | undefined {
  const named = groups.filter((group) => group.name === name);
  const group = named.find(({ issued }) => issued === 'api');
  if (group || named.length === 0) return group;
  throw new NetbirdError('netbird_group_foreign', { saw: `${name} (${named[0]?.issued})` });
}

function toGroup(body: GroupBody): NetbirdGroup {
  return {
    id: body.id,
    name: body.name,
    issued: body.issued ?? 'api',
    peerIds: (body.peers ?? []).map(({ id }) => id),
  };
}
