import { DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { Schema } from '../database/index.ts';

/**
 * Refuses to take away a user who is the last active administrator of an organization. Two at once are told apart: both
 * lock the organization's administrators first.
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
    const administrators = await trx
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select('users.id')
      .where('memberships.organization_id', '=', id)
      .where('role_key', '=', 'admin')
      .where('users.active', '=', true)
      .orderBy('users.id')
      .forUpdate()
      .execute();
    const me = administrators.some((one) => one.id === userId);
    if (me && administrators.length === 1) {
      throw new DrawbridgeError('last_administrator', {
        message: `This is the last active administrator of ${name}.`,
      });
    }
  }
}
