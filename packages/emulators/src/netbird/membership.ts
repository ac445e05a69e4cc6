import type { Kernel } from './kernel.ts';
import type { NetbirdDraft, UserRow } from './store/index.ts';

/**
 * What a change of a user's groups does to the devices that are there: with propagation on, which is the default, they leave and
 * join as well (management/server/user.go, processUserUpdate).
 */
export function membershipDrafts(
  kernel: Kernel,
  before: UserRow,
  after: readonly string[],
): readonly NetbirdDraft[] {
  const { settings, groups, peers } = kernel.state;
  if (!settings.groups_propagation_enabled) return [];
  const devices = [...peers.values()].filter(({ userId }) => userId === before.id).map(({ id }) => id);
  if (devices.length === 0) return [];
  return [...groups.values()].flatMap((group): NetbirdDraft[] => {
    const joins = after.includes(group.id) && !before.autoGroups.includes(group.id);
    const leaves = !after.includes(group.id) && before.autoGroups.includes(group.id);
    if (!joins && !leaves) return [];
    const others = group.peers.filter((id) => !devices.includes(id));
    const peersAfter = joins ? [...others, ...devices] : others;
    return [{ type: 'group.update', target: group.id, payload: { name: group.name, peers: peersAfter } }];
  });
}
