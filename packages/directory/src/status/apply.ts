import { DrawbridgeError } from '@drawbridge/kit';
import { sql, type Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';
import { changeState, requireAnotherAdministrator } from '../people/index.ts';
import type { Confirmed } from './confirm.ts';
import type { ConflictRule, Decision, There } from './decide.ts';

/** A decision about one user, and on whose behalf it is carried out. */
export interface Change {
  readonly here: Confirmed['here'];
  readonly there: There;
  readonly decision: Extract<Decision, { readonly do: 'activate' | 'deactivate' }>;
  readonly rule: ConflictRule;
  readonly cause: 'sweep' | 'event';
  /** Id of the sweep, or type of the event. */
  readonly causeId: string;
  readonly actor: string;
  readonly reason?: string;
  readonly at: Date;
  /** When it happened in Zitadel, where that is known: the time until the user was denied is counted from it. */
  readonly since?: Date;
}

/** What became of a change. */
export interface Applied {
  readonly state: 'applied' | 'skipped' | 'dropped';
  readonly detail: string | null;
  /** Whether it may be otherwise in a moment. */
  readonly again?: boolean;
}

const skipped = (detail: string): Applied => ({ state: 'skipped', detail });
const busy = (detail: string): Applied => ({ ...skipped(detail), again: true });

/** Runs that have a user in hand. */
export const openRuns = ['queued', 'running', 'compensating', 'quarantined'] as const;

/**
 * Carries a decision out here, unless something has happened to the user since it was made: nothing of the wire is in this
 * transaction, so the user is compared with what was read.
 */
export async function applyChange(trx: Transaction<Schema>, change: Change): Promise<Applied> {
  const { here, there, decision, cause, causeId, actor, at } = change;
  const active = decision.do === 'activate';
  // Before the user's own row is locked: administrators are locked in one order by everybody.
  const last = active ? undefined : await isLastAdministrator(trx, here.id);
  const now = await trx
    .selectFrom('users')
    .select(['version', 'active'])
    .where('id', '=', here.id)
    .forUpdate()
    .executeTakeFirst();
  if (!now) return { state: 'dropped', detail: 'is gone here' };
  if (await hasOpenRun(trx, here.id)) return busy('is in the hand of a run');
  if (now.version !== here.version || now.active !== here.active) return busy('was changed meanwhile');
  if (last !== undefined) return skipped(last);
  await changeState(trx, {
    userId: here.id,
    active,
    zitadelState: there.says,
    deactivatedHere: decision.do === 'deactivate' && decision.deactivatedHere,
    cause,
    causeId,
    actor,
    reason: change.reason ?? reasonOf(there),
    at,
  });
  if (!active) await endHere(trx, change);
  if (decision.do === 'activate' && decision.overruled) await recordConflict(trx, change, 'zitadel');
  return { state: 'applied', detail: null };
}

/** Writes which side lost, with its value: a conflict is never settled without a trace. */
export async function recordConflict(
  trx: Transaction<Schema>,
  { here, there, rule, cause, causeId, at }: Omit<Change, 'decision'>,
  winner: 'zitadel' | 'directory',
): Promise<void> {
  const sides = { directory: here.active ? 'active' : 'inactive', zitadel: there.says };
  await recordAudit(trx, {
    organizationId: here.organizationId,
    actor: 'drawbridge',
    action: 'status.conflict',
    objectType: 'user',
    objectId: here.id,
    from: sides,
    to: {
      rule,
      winner,
      loser: winner === 'zitadel' ? 'directory' : 'zitadel',
      lost: winner === 'zitadel' ? sides.directory : sides.zitadel,
      cause,
      causeId,
    },
    at,
  });
}

/** Zitadel has ended the sessions already; ours end with it, and how long it took is known. */
async function endHere(trx: Transaction<Schema>, { here, at, since, cause, causeId }: Change): Promise<void> {
  await trx.deleteFrom('web_sessions').where('subject', '=', here.zitadelUserId).execute();
  if (since === undefined) return;
  await trx
    .updateTable('status_changes')
    .set({ denied_after_ms: Math.max(0, at.getTime() - since.getTime()) })
    .where('user_id', '=', here.id)
    .where('cause', '=', cause)
    .where('cause_id', '=', causeId)
    .where('at', '=', at)
    .execute();
}

async function hasOpenRun(trx: Transaction<Schema>, userId: string): Promise<boolean> {
  const open = await trx
    .selectFrom('provisioning_runs')
    .select(sql<number>`1`.as('one'))
    .where('user_id', '=', userId)
    .where('state', 'in', openRuns)
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

/** @returns why not, for who is the last administrator somewhere */
async function isLastAdministrator(trx: Transaction<Schema>, userId: string): Promise<string | undefined> {
  try {
    await requireAnotherAdministrator(trx, userId);
    return undefined;
  } catch (error) {
    if (error instanceof DrawbridgeError && error.code === 'last_administrator') return error.message;
    throw error;
  }
}

/** Whether the database ended a transaction because two waited for each other: the other is over now. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === '40P01';
}

function reasonOf({ says }: There): string {
  return says === 'deleted' ? 'Zitadel no longer has the user' : `Zitadel says ${says}`;
}
