import type { Tenant } from '../integrations/index.ts';
import type { ListedNetbird } from './netbird.ts';

/**
 * In which of the organization's NetBird groups a member is not, or is though the role does not give it. Groups that
 * somebody else gave are nobody's drift.
 *
 * @returns what differs, in words; nothing where nothing does, and where NetBird does not have the member yet
 */
export function driftedGroups(
  { people, groups }: Pick<ListedNetbird, 'people' | 'groups'>,
  organization: Pick<Tenant['organization'], 'netbird_groups' | 'netbird_role_groups'>,
  member: {
    readonly zitadel_user_id: string | null;
    readonly role_key: string;
    readonly netbird_state: string;
  },
): string | undefined {
  const user = people.get(member.zitadel_user_id ?? '');
  // Before the directory has put anybody's groups there, they are no drift.
  if (user === undefined || user === 'several' || member.netbird_state !== 'active') return undefined;
  const { netbird_groups: everybodys, netbird_role_groups: byRole } = organization;
  const wanted = new Set([...everybodys, ...(byRole[member.role_key] ?? [])]);
  const managed = new Set([...everybodys, ...Object.values(byRole).flat()]);
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const has = new Set(user.autoGroups.map((id) => names.get(id) ?? id));
  const lacking = [...wanted].filter((name) => !has.has(name));
  const extra = [...managed].filter((name) => !wanted.has(name) && has.has(name));
  const words = [
    ...(lacking.length > 0 ? [`NetBird groups without ${lacking.join(', ')}`] : []),
    ...(extra.length > 0 ? [`NetBird groups with ${extra.join(', ')}`] : []),
  ];
  return words.length > 0 ? words.join('; ') : undefined;
}
