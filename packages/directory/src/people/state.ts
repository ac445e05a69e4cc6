import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema, StatusChangeTable, ZitadelState } from '../database/index.ts';

/** A change of whether a user may act here, and what Zitadel said when it was made. */
export interface StateChange {
  readonly userId: string;
  readonly active: boolean;
  readonly zitadelState: ZitadelState;
  /** Whether the directory itself made the user inactive in Zitadel. */
  readonly deactivatedHere: boolean;
  readonly cause: StatusChangeTable['cause'];
  readonly causeId: string;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly at: Date;
}

/**
 * Writes a user's state with its history and its audit entry. The same state again is no change.
 *
 * @returns whether something changed
 */
export async function changeState(trx: Transaction<Schema>, change: StateChange): Promise<boolean> {
  const { userId, active, zitadelState, deactivatedHere, cause, causeId, actor, reason, at } = change;
  const before = await trx
    .selectFrom('users')
    .select(['organization_id', 'active', 'zitadel_state'])
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (!before) return false;
  const seen = { zitadel_state: zitadelState, zitadel_seen_at: at, deactivated_here: deactivatedHere };
  if (before.active === active) {
    await trx.updateTable('users').set(seen).where('id', '=', userId).execute();
    return false;
  }
  await trx
    .updateTable('users')
    .set((column) => ({
      ...seen,
      active,
      state_changed_at: at,
      state_changed_by: actor,
      state_reason: reason ?? null,
      version: column('version', '+', 1),
      updated_at: at,
    }))
    .where('id', '=', userId)
    .execute();
  await trx
    .insertInto('status_changes')
    .values({
      user_id: userId,
      organization_id: before.organization_id,
      at,
      from_state: stateOf(before.active),
      to_state: stateOf(active),
      cause,
      cause_id: causeId,
      actor,
      reason: reason ?? null,
    })
    .execute();
  await recordAudit(trx, {
    organizationId: before.organization_id,
    actor,
    action: active ? 'user.activated' : 'user.deactivated',
    objectType: 'user',
    objectId: userId,
    from: { state: stateOf(before.active), zitadel: before.zitadel_state },
    to: { state: stateOf(active), zitadel: zitadelState, cause, causeId },
    ...(reason === undefined ? {} : { reason }),
    at,
  });
  return true;
}

/** Writes how long it took, from the request of a run, until the user was denied everywhere. */
export async function noteDenied(trx: Transaction<Schema>, runId: string, at: Date): Promise<void> {
  const run = await trx
    .selectFrom('provisioning_runs')
    .select('created_at')
    .where('id', '=', runId)
    .executeTakeFirst();
  if (!run) return;
  await trx
    .updateTable('status_changes')
    .set({ denied_after_ms: Math.max(0, at.getTime() - run.created_at.getTime()) })
    .where('cause_id', '=', runId)
    .where('to_state', '=', 'inactive')
    .execute();
}

function stateOf(active: boolean): string {
  return active ? 'active' : 'inactive';
}
