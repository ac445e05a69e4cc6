import { DrawbridgeError } from '@drawbridge/kit';
import { sql, type Transaction } from 'kysely';
import type { Schema } from '../database/index.ts';

/** A user who is asked to leave, or to be an administrator no longer, is none that another could leave the place to. */
const leaving = sql<boolean>`exists (
  select 1 from provisioning_runs r
  where r.user_id = users.id and r.state in ('queued', 'running', 'compensating', 'attention')
    and (r.saga in ('deactivate-user', 'delete-user')
      or (r.organization_id = memberships.organization_id
        and (r.saga = 'remove-membership'
          or (r.saga in ('change-user', 'add-membership') and r.input->>'role' <> 'admin'))))
)`;

/**
 * Refuses to take away a user who is the last active administrator of an organization. Two at once are told apart: both
 * lock the organization's administrators first, in one order. To be called before any of their rows is locked.
 *
 * @throws {DrawbridgeError} `last_administrator`
 */
export async function requireAnotherAdministrator(
  trx: Transaction<Schema>,
  userId: string,
  /** Only here, where a membership changes; everywhere, where the user goes. */
  organizationId?: string,
): Promise<void> {
  const mine = await trx
    .selectFrom('memberships')
    .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
    .select(['organizations.id', 'organizations.name'])
    .where('user_id', '=', userId)
    .where('role_key', '=', 'admin')
    .$if(organizationId !== undefined, (query) => query.where('organizations.id', '=', organizationId ?? ''))
    .orderBy('organizations.id')
    .execute();
  for (const { id, name } of mine) {
    const active = () =>
      trx
        .selectFrom('users')
        .innerJoin('memberships', 'memberships.user_id', 'users.id')
        .select('users.id')
        .where('memberships.organization_id', '=', id)
        .where('role_key', '=', 'admin')
        .where('users.active', '=', true);
    const locked = await active().orderBy('users.id').forUpdate('users').execute();
    if (!locked.some((one) => one.id === userId)) continue;
    // Looked at once the rows are ours: who waited for them sees what the one before has asked for.
    const others = await active()
      .where('users.id', '<>', userId)
      .where(({ not }) => not(leaving))
      .limit(1)
      .execute();
    if (others.length === 0) {
      throw new DrawbridgeError('last_administrator', {
        message: `This is the last active administrator of ${name}.`,
      });
    }
  }
}
