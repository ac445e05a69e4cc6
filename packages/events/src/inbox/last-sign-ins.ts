import { type Kysely, sql } from 'kysely';
import { eventsTables } from '../database/index.ts';

/**
 * When users last signed in, as far as events say that the inbox still has: for machines, when their key or secret last
 * earned a token.
 *
 * @returns user id → time; users without an event are absent, which does not mean that they never did
 */
export async function lastSignIns<S>(
  db: Kysely<S>,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (userIds.length === 0) return new Map();
  const user = sql<string>`payload->>'userID'`;
  const rows = await eventsTables(db)
    .selectFrom('events_inbox')
    .select((column) => [user.as('user'), column.fn.max('created_at').as('at')])
    .where('event_type', '=', 'oidc_session.added')
    .where(user, 'in', userIds)
    .groupBy(user)
    .execute();
  return new Map(rows.map(({ user: id, at }) => [id, at]));
}
