import assert from 'node:assert/strict';
import type { GroupBody } from '@drawbridge/netbird';
import type { NetbirdContractCase } from './target.ts';
import { unique, withWire } from './wire.ts';

const handler = 'management/server/http/handlers/groups/groups_handler.go';
const manager = 'management/server/group.go';

/** What holds for groups and devices. */
export const groupCases: readonly NetbirdContractCase[] = [
  {
    name: 'a group without members has null for a list, and members that are no devices are passed over',
    quirk: 14,
    source: handler,
    run: withWire(async (wire) => {
      const group = await wire.group();
      const expected = {
        issued: 'api',
        peers: null,
        peers_count: 0,
        resources: null,
        resources_count: 0,
      };
      assert.deepEqual(group, { id: group.id, name: group.name, ...expected });
      const path = `/api/groups/${group.id}`;
      const put = await wire.ok<GroupBody>('PUT', path, { name: group.name, peers: [] });
      assert.equal(put.peers_count, 0);
      assert.match(group.id, /^[0-9a-v]{20}$/);
    }),
  },
  {
    name: 'a name is asked for as a list of one, or 404',
    quirk: 15,
    source: handler,
    run: withWire(async (wire) => {
      const group = await wire.group();
      const found = await wire.ok<readonly GroupBody[]>('GET', `/api/groups?name=${group.name}`);
      assert.deepEqual(
        found.map(({ id }) => id),
        [group.id],
      );
      const name = unique('Nope');
      await wire.refused(404, `group: ${name.toLowerCase()} not found`, 'GET', `/api/groups?name=${name}`);
      await wire.refused(404, 'group: nope not found', 'GET', '/api/groups/Nope');
    }),
  },
  {
    name: 'a name is taken once by creating and more often by renaming, and its case counts',
    quirk: 16,
    source: manager,
    run: withWire(async (wire) => {
      const group = await wire.group();
      const exists = `group with name ${group.name} already exists`;
      await wire.refused(409, exists, 'POST', '/api/groups', { name: group.name });
      const other = await wire.group(group.name.toUpperCase());
      const renamed = await wire.ok<GroupBody>('PUT', `/api/groups/${other.id}`, { name: group.name });
      assert.equal(renamed.name, group.name);
      await wire.refused(422, "group name shouldn't be empty", 'POST', '/api/groups', { name: '' });
      await wire.refused(422, "group name shouldn't be empty", 'PUT', `/api/groups/${other.id}`, {});
      await wire.refused(400, "couldn't parse JSON request", 'POST', '/api/groups', '');
    }),
  },
  {
    name: 'the group All is neither made, changed nor removed',
    source: handler,
    run: withWire(async (wire) => {
      const all = await wire.all();
      await wire.refused(409, 'group with name all already exists', 'POST', '/api/groups', { name: 'All' });
      const path = `/api/groups/${all.id}`;
      await wire.refused(422, 'updating group all is not allowed', 'PUT', path, { name: 'x' });
      await wire.refused(400, 'deleting group ALL is not allowed', 'DELETE', path);
    }),
  },
  {
    name: 'every refusal to remove a group is 400, not lowered: unknown, linked to a user',
    quirk: 17,
    source: handler,
    run: withWire(async (wire) => {
      await wire.refused(400, 'group: Nope not found', 'DELETE', '/api/groups/Nope');
      const group = await wire.group();
      const user = await wire.serviceUser('user', [group.id]);
      const linked = `group has been linked to user: ${user.id}`;
      await wire.refused(400, linked, 'DELETE', `/api/groups/${group.id}`);
      await wire.ok('DELETE', `/api/users/${user.id}`);
      assert.deepEqual(await wire.ok('DELETE', `/api/groups/${group.id}`), {});
      const gone = `group: ${group.id} not found`;
      await wire.refused(400, gone, 'DELETE', `/api/groups/${group.id}`);
    }),
  },
  {
    name: 'unknown devices are 404, in one wording for reading and another for removing',
    quirk: 18,
    source: 'management/server/store/sql_store.go',
    run: withWire(async (wire) => {
      assert.ok(Array.isArray(await wire.ok('GET', '/api/peers')));
      await wire.refused(404, 'peer not found: nope', 'GET', '/api/peers/Nope');
      await wire.refused(404, 'peer nope account not found', 'DELETE', '/api/peers/Nope');
    }),
  },
];
