import { DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { Schema } from '../database/index.ts';
import { requireAnotherAdministrator } from '../people/index.ts';
import {
  type Asked,
  lockUser,
  requireRole,
  type StartedRun,
  startUserRun,
  type UserRequests,
} from './request.ts';

/**
 * Asks for a user to have a role in an organization, be it their home or another.
 *
 * @throws {DrawbridgeError} `not_found`, `role_unknown`, `organization_not_mapped`, `last_administrator`
 */
export async function addMembership(
  { database, engine, sagas }: UserRequests,
  userId: string,
  organizationId: string,
  role: string,
  who: Asked,
): Promise<StartedRun> {
  return await database.transaction(async (trx) => {
    await requireRole(trx, role);
    const before = await roleIn(trx, userId, organizationId);
    if (before?.role_key === 'admin' && role !== 'admin')
      await requireAnotherAdministrator(trx, userId, organizationId);
    const user = await lockUser(trx, userId);
    const organization = await trx
      .selectFrom('organizations')
      .select(['zitadel_org_id', 'integration_id', 'name'])
      .where('id', '=', organizationId)
      .executeTakeFirstOrThrow();
    if (organization.zitadel_org_id === null) throw new DrawbridgeError('organization_not_mapped');
    if (organization.integration_id !== user.integration_id) {
      throw new DrawbridgeError('invalid_request', {
        problems: [{ field: 'userId', message: `lives in another Zitadel than ${organization.name}` }],
      });
    }
    if (!before) {
      // The role counts once Zitadel has it: until then the membership gives none of its permissions.
      await trx
        .insertInto('memberships')
        .values({
          user_id: userId,
          organization_id: organizationId,
          role_key: 'user',
          home: false,
          created_at: engine.now(),
        })
        .execute();
    }
    const run = {
      saga: sagas.addMembership,
      input: { role },
      organizationId,
      verb: 'add member',
      action: 'membership.put',
      audit: { from: { role: before?.role_key ?? null }, to: { role } },
    };
    return await startUserRun(trx, engine, user, run, who);
  });
}

/**
 * Asks for a membership to be withdrawn. The home organization is left by deleting the user.
 *
 * @throws {DrawbridgeError} `not_found`, `last_administrator`, `conflict` for the home organization
 */
export async function removeMembership(
  { database, engine, sagas }: UserRequests,
  userId: string,
  organizationId: string,
  who: Asked,
): Promise<StartedRun> {
  return await database.transaction(async (trx) => {
    const before = await roleIn(trx, userId, organizationId);
    if (!before) throw new DrawbridgeError('not_found', { message: 'The user is no member there.' });
    if (before.home) {
      throw new DrawbridgeError('conflict', {
        message: 'The user is at home in this organization.',
        fix: 'Deactivate or delete the user instead.',
      });
    }
    if (before.role_key === 'admin') await requireAnotherAdministrator(trx, userId, organizationId);
    const user = await lockUser(trx, userId);
    const run = {
      saga: sagas.removeMembership,
      input: {},
      organizationId,
      verb: 'remove member',
      action: 'membership.remove',
      audit: { from: { role: before.role_key } },
    };
    return await startUserRun(trx, engine, user, run, who);
  });
}

async function roleIn(trx: Transaction<Schema>, userId: string, organizationId: string) {
  return await trx
    .selectFrom('memberships')
    .select(['role_key', 'home'])
    .where('user_id', '=', userId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}
