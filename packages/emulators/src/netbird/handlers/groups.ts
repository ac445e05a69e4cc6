import type { GroupBody } from '@drawbridge/netbird';
import { type Operation, requireAllowed } from '../access/index.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { GroupRow } from '../store/index.ts';
import { type Call, type Handler, idAt, readFields, text, texts } from './call.ts';

/** All groups, or with a name the one of it that has the most devices, or 404 (management/server/store/sql_store.go, GetGroupByName). */
export const listGroups: Handler = ({ kernel, caller, query }) => {
  requireRead(kernel, caller);
  const name = query.get('name') ?? '';
  if (name === '') return [...kernel.state.groups.values()].map((group) => bodyOf(kernel, group));
  const found = byName(kernel, name);
  if (!found) throw groupNotFound(name);
  return [bodyOf(kernel, found)];
};

export const getGroup: Handler = (call) => {
  requireRead(call.kernel, call.caller);
  return bodyOf(call.kernel, groupOf(call));
};

/** Names are unique for those who create, whoever made the other (management/server/group.go, validateNewGroup). */
export const createGroup: Handler = (call) => {
  const { kernel, caller } = call;
  const { name, peers } = readGroup(call);
  requireWrite(kernel, caller, 'create');
  if (byName(kernel, name)) throw new ApiError('exists', `group with name ${name} already exists`);
  const id = kernel.newId();
  kernel.push(caller, { type: 'group.add', target: id, payload: { name, issued: 'api', peers } });
  return bodyOf(kernel, groupOf({ ...call, ids: [id] }));
};

/** Replaces name and members; a name may become that of another group (management/server/group.go, UpdateGroup). */
export const updateGroup: Handler = (call) => {
  const { kernel, caller } = call;
  requireRead(kernel, caller);
  const group = groupOf(call);
  if (group.name === 'All') throw new ApiError('invalid', 'updating group ALL is not allowed');
  const { name, peers } = readGroup(call);
  requireWrite(kernel, caller, 'update');
  kernel.push(caller, { type: 'group.update', target: group.id, payload: { name, peers } });
  return bodyOf(kernel, groupOf(call));
};

/** Every refusal of a deletion is 400, and worded as it is written (management/server/http/handlers/groups/groups_handler.go, deleteGroup). */
export const deleteGroup: Handler = (call) => {
  const { kernel, caller } = call;
  requireWrite(kernel, caller, 'delete');
  const refuse = (reason: string) => new ApiError('badRequest', reason, { verbatim: true });
  const group = kernel.state.groups.get(idAt(call));
  if (!group) throw refuse(`group: ${idAt(call)} not found`);
  if (group.name === 'All') throw refuse('deleting group ALL is not allowed');
  const user = [...kernel.state.users.values()].find(({ autoGroups }) => autoGroups.includes(group.id));
  if (user) throw refuse(`group has been linked to user: ${user.id}`);
  kernel.push(caller, { type: 'group.delete', target: group.id, payload: {} });
  return {};
};

function readGroup(call: Call): { readonly name: string; readonly peers: readonly string[] } {
  const fields = readFields(call.body, { name: 'string', peers: 'strings' });
  const name = text(fields, 'name');
  if (name === '') throw new ApiError('invalid', "group name shouldn't be empty");
  return { name, peers: texts(fields, 'peers') ?? [] };
}

function requireRead(kernel: Kernel, caller: string): void {
  requireAllowed(kernel.state, caller, 'groups', 'read', false);
}

function requireWrite(kernel: Kernel, caller: string, operation: Operation): void {
  requireAllowed(kernel.state, caller, 'groups', operation);
}

function groupOf(call: Call): GroupRow {
  const group = call.kernel.state.groups.get(idAt(call));
  if (!group) throw groupNotFound(idAt(call));
  return group;
}

function groupNotFound(what: string): ApiError {
  return new ApiError('notFound', `group: ${what} not found`);
}

function byName(kernel: Kernel, name: string): GroupRow | undefined {
  return [...kernel.state.groups.values()]
    .filter((group) => group.name === name)
    .toSorted((a, b) => b.peers.length - a.peers.length)[0];
}

/** Members that are no devices are left out, and lists without a member are null, as Go writes them. */
function bodyOf({ state }: Kernel, { id, name, issued, peers }: GroupRow): GroupBody {
  const shown = peers.flatMap((peerId) => state.peers.get(peerId) ?? []);
  return {
    id,
    name,
    issued: issued as 'api' | 'jwt',
    peers: shown.length === 0 ? null : shown.map((peer) => ({ id: peer.id, name: peer.name })),
    peers_count: shown.length,
    resources: null,
    resources_count: 0,
  };
}
