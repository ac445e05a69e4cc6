import { DrawbridgeError, isTransient, retry } from '@drawbridge/kit';
import type { SweepItemTable } from '../database/index.ts';
import { requestState } from '../users/index.ts';
import { type Applied, applyChange, isDeadlock, recordConflict } from './apply.ts';
import { type Confirmed, confirm } from './confirm.ts';
import { type ConflictRule, decide, type There } from './decide.ts';
import { ourselves, type SyncParts } from './parts.ts';
import { putItems, renewLease, type SweepItem } from './store.ts';

/** On whose behalf an item is carried out. */
export interface OnBehalf {
  readonly sweepId: string;
  readonly rule: ConflictRule;
  readonly actor: string;
  readonly reason?: string;
  readonly signal: AbortSignal;
  /** End of the lease to be renewed with each item; absent where nobody else can be at it. */
  readonly leaseUntil?: () => Date;
  /** State of an item whose user Zitadel could not be asked about, or is in the hand of a run. Default `failed`, which the next sweep makes good. */
  readonly unasked?: 'approved' | 'failed';
}

type Item = Pick<SweepItem, 'user_id' | 'organization_id' | 'kind' | 'was' | 'says'>;

/**
 * Reads one user again, by id, and does what is right for them now, which may be nothing: the list that made the item may
 * have lagged, and people act meanwhile.
 *
 * @returns what became of it; `again` where Zitadel could not be asked, so that nothing was concluded
 */
export async function carryOut(
  parts: SyncParts,
  item: Item,
  behalf: OnBehalf,
): Promise<Applied['state'] | 'again'> {
  let confirmed: Confirmed | undefined;
  try {
    confirmed = await confirm(parts, item.user_id, behalf.signal);
  } catch (error) {
    if (behalf.signal.aborted || isDatabaseAway(error)) throw error;
    const again = isTransient(error);
    await note(parts, item, behalf, again ? (behalf.unasked ?? 'failed') : 'failed', describe(error));
    return again ? 'again' : 'skipped';
  }
  if (!confirmed) return await note(parts, item, behalf, 'dropped', 'is gone here');
  const { here, there } = confirmed;
  if (there === 'elsewhere')
    return await note(parts, item, behalf, 'skipped', 'is in another organization in Zitadel than here');
  const decision = decide(here, there, behalf.rule);
  if (decision.do === 'enforce') return await enforce(parts, item, behalf, here, there);
  if (decision.do !== item.kind)
    return await note(parts, item, behalf, 'dropped', `Zitadel says ${there.says}`);
  const at = new Date(parts.clock.now());
  const change = () =>
    parts.database.transaction(async (trx) => {
      const { sweepId, rule, actor, reason, leaseUntil } = behalf;
      if (leaseUntil) await renewLease(trx, sweepId, leaseUntil());
      const applied = await applyChange(trx, {
        here,
        there,
        decision,
        rule,
        cause: 'sweep',
        causeId: sweepId,
        actor,
        ...(reason === undefined ? {} : { reason }),
        at,
      });
      const waits = applied.again === true && behalf.unasked === 'approved';
      const state = waits ? 'approved' : applied.state;
      await putItems(trx, [rowOf(item, behalf, { state, detail: applied.detail, says: there.says })]);
      return waits ? 'again' : applied.state;
    });
  return await retry(change, {
    attempts: 4,
    retryable: isDeadlock,
    signal: behalf.signal,
    clock: parts.clock,
  });
}

/** The stricter side is ours: Zitadel is told so by the same run that a person would start. */
async function enforce(
  parts: SyncParts,
  item: Item,
  behalf: OnBehalf,
  here: Confirmed['here'],
  there: There,
): Promise<Applied['state']> {
  const { sweepId, rule } = behalf;
  try {
    const { runId } = await requestState(
      parts,
      here.id,
      false,
      { actor: ourselves, reason: 'deactivated here; the conflict rule is stricter' },
      here.version,
    );
    const at = new Date(parts.clock.now());
    await parts.database.transaction(async (trx) => {
      const change = { here, there, rule, cause: 'sweep' as const, causeId: sweepId, actor: ourselves, at };
      await recordConflict(trx, change, 'directory');
      const detail = `deactivated in Zitadel again: run ${runId}`;
      await putItems(trx, [{ ...rowOf(item, behalf, { state: 'applied', detail }), kind: 'correct' }]);
    });
    return 'applied';
  } catch (error) {
    if (!(error instanceof DrawbridgeError) || isDatabaseAway(error)) throw error;
    return await note(parts, item, behalf, 'skipped', describe(error));
  }
}

async function note(
  { database }: SyncParts,
  item: Item,
  behalf: OnBehalf,
  state: 'failed' | 'dropped' | 'skipped' | 'approved',
  detail: string,
): Promise<'dropped' | 'skipped'> {
  await database.transaction(async (trx) => {
    if (behalf.leaseUntil) await renewLease(trx, behalf.sweepId, behalf.leaseUntil());
    await putItems(trx, [rowOf(item, behalf, { state, detail })]);
  });
  return state === 'dropped' ? 'dropped' : 'skipped';
}

function rowOf(
  item: Item,
  { sweepId }: OnBehalf,
  became: Pick<SweepItemTable, 'state' | 'detail'> & { readonly says?: string },
) {
  return {
    sweep_id: sweepId,
    user_id: item.user_id,
    organization_id: item.organization_id,
    kind: item.kind,
    was: item.was,
    says: item.says,
    ...became,
  };
}

/** An error as an item shows it: code and sentence, never what a server said in full. */
export function describe(error: unknown): string {
  return error instanceof DrawbridgeError ? `${error.code}: ${error.message}` : 'internal';
}

/** Nothing can be written down then, so nothing goes on. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof DrawbridgeError && error.code === 'database_unavailable';
}
