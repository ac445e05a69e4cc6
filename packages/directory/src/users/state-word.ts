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

/** Users whose last run is in such a state: few, and found from the runs. */
const lastRunIs = (states: RawBuilder<unknown>) =>
  sql`users.last_run_id in (select r.id from provisioning_runs r where r.state in (${states}))`;
/** The opposite, as everybody's: asked for each user in the order of the list. */
const lastRunIsNot = (states: RawBuilder<unknown>) =>
  sql`not exists (select from provisioning_runs r where r.id = users.last_run_id and r.state in (${states}))`;
const stops = sql`'attention', 'quarantined'`;
const untroubled = sql`users.active and users.zitadel_state not in ('locked', 'initial')`;

/** The same as {@link stateOf}, as a condition that an index answers where few are in the state. */
export function inState(state: UserState): RawBuilder<boolean> {
  const calm = lastRunIsNot(stops);
  switch (state) {
    case 'quarantined':
      return sql`${lastRunIs(sql`'quarantined'`)}`;
    case 'attention':
      return sql`${lastRunIs(sql`'attention'`)}`;
    case 'inactive_elsewhere':
      return sql`not users.active and not users.deactivated_here and ${calm}`;
    case 'inactive':
      return sql`not users.active and users.deactivated_here and ${calm}`;
    case 'locked':
      return sql`users.active and users.zitadel_state = 'locked' and ${calm}`;
    case 'not_set_up':
      return sql`users.active and users.zitadel_state = 'initial' and ${calm}`;
    case 'waiting':
      return sql`${untroubled} and ${calm} and users.id in (
        select w.id from users w where w.netbird_state = 'waiting'
        union all
        select w.id from provisioning_runs r join users w on w.last_run_id = r.id where r.state = 'waiting')`;
    case 'active':
      return sql`${untroubled} and users.netbird_state <> 'waiting'
        and ${lastRunIsNot(sql`'attention', 'quarantined', 'waiting'`)}`;
  }
}
