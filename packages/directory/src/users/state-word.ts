import { type RawBuilder, sql } from 'kysely';
import type { UserView } from './read.ts';

/** One word for how a user stands, the most pressing first. The console and the command use the same. */
export const userStates = [
  'quarantined',
  'attention',
  'inactive_elsewhere',
  'inactive',
  'locked',
  'not_set_up',
  'waiting',
  'active',
] as const;
export type UserState = (typeof userStates)[number];

/** The word for a user. */
export function stateOf({ user, lastRun }: Pick<UserView, 'user' | 'lastRun'>): UserState {
  if (lastRun?.state === 'quarantined' || lastRun?.state === 'attention') return lastRun.state;
  if (!user.active) return user.deactivated_here ? 'inactive' : 'inactive_elsewhere';
  if (user.zitadel_state === 'locked') return 'locked';
  if (user.zitadel_state === 'initial') return 'not_set_up';
  return lastRun?.state === 'waiting' || user.netbird_state === 'waiting' ? 'waiting' : 'active';
}

const runState = sql`(select r.state from provisioning_runs r where r.id = users.last_run_id)`;
const stopped = sql`coalesce(${runState} in ('attention', 'quarantined'), false)`;
const waits = sql`(users.netbird_state = 'waiting' or coalesce(${runState} = 'waiting', false))`;

/** The same as {@link stateOf}, as a condition. */
export function inState(state: UserState): RawBuilder<boolean> {
  const calm = sql`users.active and not ${stopped}`;
  switch (state) {
    case 'quarantined':
    case 'attention':
      return sql`${runState} = ${state}`;
    case 'inactive_elsewhere':
      return sql`not users.active and not users.deactivated_here and not ${stopped}`;
    case 'inactive':
      return sql`not users.active and users.deactivated_here and not ${stopped}`;
    case 'locked':
      return sql`${calm} and users.zitadel_state = 'locked'`;
    case 'not_set_up':
      return sql`${calm} and users.zitadel_state = 'initial'`;
    case 'waiting':
      return sql`${calm} and users.zitadel_state not in ('locked', 'initial') and ${waits}`;
    case 'active':
      return sql`${calm} and users.zitadel_state not in ('locked', 'initial') and not ${waits}`;
  }
}
