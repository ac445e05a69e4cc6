import { DrawbridgeError } from '@drawbridge/kit';
import { requireAnotherAdministrator } from '../people/index.ts';
import {
  type AlsoRecord,
  type Asked,
  lockUser,
  requireRole,
  type StartedRun,
  startUserRun,
  type UserRequests,
} from './request.ts';

/** Names and role as they are to be; what is absent stays. */
export interface UserChange {
  readonly givenName?: string;
  readonly familyName?: string;
  /** Role in the home organization. */
  readonly role?: string;
}

/**
 * Asks for other names or another role.
 *
 * @param version the version the caller has read; absent to change whatever is there
 * @param also what else becomes true with it, in the same transaction
 * @throws {DrawbridgeError} `not_found`, `role_unknown`, `last_administrator`, `precondition_failed`
 */
export async function changeUser(
  { database, engine, sagas }: UserRequests,
  userId: string,
  change: UserChange,
  who: Asked,
  version?: number,
  also?: AlsoRecord,
): Promise<StartedRun> {
  return await database.transaction(async (trx) => {
    const home = await trx
      .selectFrom('memberships')
      .select(['role_key', 'organization_id'])
      .where('user_id', '=', userId)
      .where('home', '=', true)
      .executeTakeFirst();
    if (!home) throw new DrawbridgeError('not_found', { message: `No user ${userId} here.` });
    const { role = home.role_key } = change;
    await requireRole(trx, role);
    if (home.role_key === 'admin' && role !== 'admin')
      await requireAnotherAdministrator(trx, userId, home.organization_id);
    const user = await lockUser(trx, userId, version);
    const { givenName = user.given_name, familyName = user.family_name } = change;
    const run = {
      saga: sagas.changeUser,
      input: { givenName, familyName, role },
      verb: 'change',
      action: 'user.change',
      // Names are personal, roles are not.
      audit: { from: { role: home.role_key }, to: { role }, personal: { givenName, familyName } },
    };
    const started = await startUserRun(trx, engine, user, run, who);
    await also?.(trx, started);
    return started;
  });
}

/**
 * Asks for a user to be deactivated or activated.
 *
 * @throws {DrawbridgeError} `not_found`, `last_administrator`, `inactive_elsewhere`, `precondition_failed`
 */
export async function requestState(
  { database, engine, sagas }: UserRequests,
  userId: string,
  active: boolean,
  who: Asked,
  version?: number,
): Promise<StartedRun> {
  return await database.transaction(async (trx) => {
    if (!active) await requireAnotherAdministrator(trx, userId);
    const user = await lockUser(trx, userId, version);
    if (active && !user.active && !user.deactivated_here) throw new DrawbridgeError('inactive_elsewhere');
    const run = {
      saga: active ? sagas.activateUser : sagas.deactivateUser,
      input: { actor: who.actor, ...(who.reason === undefined ? {} : { reason: who.reason }) },
      verb: active ? 'activate' : 'deactivate',
      action: active ? 'user.activate' : 'user.deactivate',
    };
    return await startUserRun(trx, engine, user, run, who);
  });
}

/**
 * Asks for a user to be deleted; with `erase` also for their name to be taken out of runs, events and the audit.
 *
 * @throws {DrawbridgeError} `not_found`, `last_administrator`, `precondition_failed`
 */
export async function removeUser(
  { database, engine, sagas }: UserRequests,
  userId: string,
  who: Asked & { readonly reason: string },
  { erase = false, version }: { readonly erase?: boolean; readonly version?: number } = {},
): Promise<StartedRun> {
  return await database.transaction(async (trx) => {
    await requireAnotherAdministrator(trx, userId);
    const user = await lockUser(trx, userId, version);
    const run = {
      saga: sagas.deleteUser,
      input: { actor: who.actor, reason: who.reason, erase },
      verb: erase ? 'erase a person' : 'delete',
      action: erase ? 'user.erase' : 'user.delete',
      nameless: erase,
    };
    return await startUserRun(trx, engine, user, run, who);
  });
}

/**
 * Asks for another invitation.
 *
 * @throws {DrawbridgeError} `not_found`
 */
export async function inviteUser(
  { database, engine, sagas }: UserRequests,
  userId: string,
  who: Asked,
): Promise<StartedRun> {
  return await database.transaction(async (trx) => {
    const user = await lockUser(trx, userId);
    const run = { saga: sagas.inviteUser, input: {}, verb: 'invite', action: 'user.invite' };
    return await startUserRun(trx, engine, user, run, who);
  });
}
