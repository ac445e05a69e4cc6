import type { Netbird } from '@drawbridge/netbird';
import type { Step, StepResult } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import type { RoleInput } from './memberships.ts';
import { type NetbirdPlace, netbirdUserOf } from './netbird-user.ts';

interface NetbirdOutput {
  readonly netbirdUserId: string | null;
}

const notUsed = {
  outcome: 'done',
  output: { netbirdUserId: null },
  detail: 'not used',
  known: true,
} as const;

/**
 * The user has the organization's groups in NetBird. NetBird cannot make a user that its identity provider has already,
 * so the step waits, without holding the run, until the person first signs in there.
 *
 * `newcomer`: the run itself makes the user, so that at first its organization is their home without asking.
 */
export function netbirdStep<Input extends RoleInput>(
  parts: SagaParts,
  { newcomer = false } = {},
): Step<Input, NetbirdOutput> {
  return {
    name: 'netbird',
    title: 'netbird',
    place: 'netbird',
    undo: 'removes the user from NetBird, with their devices',
    key: ({ runId, userId }) => `netbird/${userId}/${runId}`,
    async call(context): Promise<StepResult<NetbirdOutput>> {
      const { input, signal } = context;
      if (newcomer && context.attempt === 1) {
        const { organization } = await parts.integrations.place(context.organizationId, context.scope);
        if (organization.netbird_integration_id === null) return notUsed;
      }
      const found = await netbirdUserOf(parts, context);
      if (!found) return notUsed;
      const { client, organization, user } = found;
      if (!user) return { outcome: 'late', detail: 'waiting for first sign-in' };
      // Whom the directory provisions needs nobody's further approval.
      if (user.pendingApproval) await client.users.approve(user.id, { signal });
      const names = [
        ...new Set([...organization.netbird_groups, ...(organization.netbird_role_groups[input.role] ?? [])]),
      ];
      const wanted = await client.groups.ensure(names, { signal });
      const managed = await idsOf(client, organization, signal);
      // Groups that somebody else gave the user are left alone.
      const others = user.autoGroups.filter((id) => !managed.has(id) && !wanted.includes(id));
      await client.users.change(user.id, { autoGroups: [...others, ...wanted] }, { signal });
      return {
        outcome: 'done',
        output: { netbirdUserId: user.id },
        detail: names.length === 0 ? 'no groups' : `groups ${names.join(', ')}`,
      };
    },
    async record(trx, { userId }, { netbirdUserId }) {
      await trx
        .updateTable('users')
        .set({
          netbird_user_id: netbirdUserId,
          netbird_state: 'active',
          netbird_seen_at: new Date(parts.clock.now()),
        })
        .where('id', '=', userId)
        .where('netbird_state', '<>', 'blocked')
        .execute();
    },
    async compensate(context, { netbirdUserId }) {
      if (netbirdUserId === null) return;
      const found = await netbirdUserOf(parts, context);
      await found?.client.users.remove(netbirdUserId, { signal: context.signal });
    },
  };
}

/** Ids of all groups that the organization's settings give to anybody: those the directory may also take away. */
async function idsOf(
  client: Netbird,
  {
    netbird_groups,
    netbird_role_groups,
  }: Pick<NetbirdPlace['organization'], 'netbird_groups' | 'netbird_role_groups'>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const names = new Set([...netbird_groups, ...Object.values(netbird_role_groups).flat()]);
  const groups = await client.groups.list({ signal });
  return new Set(groups.filter(({ name }) => names.has(name)).map(({ id }) => id));
}
