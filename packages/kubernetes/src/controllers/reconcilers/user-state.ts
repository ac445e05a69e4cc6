import type { CallOptions } from '@drawbridge/kit';
import { deactivatedByKey, type FoundUser, type Zitadel } from '@drawbridge/zitadel';
import type { Condition } from '../../milo/index.ts';
import type { ReconcileContext } from '../runtime/index.ts';

/** What a user's state came to. */
export type SettledState =
  | 'active'
  | 'deactivated'
  /** Inactive, and not by us: it stays so. */
  | 'inactive-elsewhere'
  /** Zitadel locked it, or a person did there. */
  | 'locked'
  /** Never set up, which Zitadel cannot deactivate. */
  | 'never-set-up';

/** What is wanted of a user's state. */
export interface WantedState {
  /** uids of the objects that demand that it is inactive. */
  readonly holds: readonly string[];
  /** uids of those that no longer do. */
  readonly released: readonly string[];
  /** Whether an active user may still have a mark of ours on it, from a look that broke off. */
  readonly wasHeld: boolean;
  /** uid of an object for which the Go provider deactivated the user, which left no mark. */
  readonly former?: string | undefined;
}

/** How the controllers sign what they deactivated; each only ever takes back what it did itself. */
function markOf(uid: string): string {
  return `controller:${uid}`;
}

/**
 * Brings a user to the state that is wanted, and undoes nothing that others did: a user is activated only where its mark names an
 * object that we have released.
 *
 * @throws {DrawbridgeError} what Zitadel answers; the next look goes on from wherever it stopped
 */
export async function settleState(
  zitadel: Pick<Zitadel, 'users'>,
  user: FoundUser,
  wanted: WantedState,
  { write, call }: { readonly write: ReconcileContext['write']; readonly call: CallOptions },
): Promise<SettledState> {
  const { holds, released } = wanted;
  const { userId } = user;
  const [hold] = holds;
  const setMark = (uid: string) =>
    write(() => zitadel.users.setMetadata(userId, { [deactivatedByKey]: markOf(uid) }, call));
  const former = wanted.former === undefined ? undefined : markOf(wanted.former);
  const mark = async () => (await zitadel.users.metadata(userId, call)).get(deactivatedByKey);
  const isReleased = (present: string | undefined) =>
    released.some((uid) => markOf(uid) === present || (present === undefined && markOf(uid) === former));

  if (hold === undefined) {
    if (user.state === 'USER_STATE_LOCKED') return 'locked';
    if (user.state !== 'USER_STATE_INACTIVE') {
      if (wanted.wasHeld) await clearMark(zitadel, userId, released, { write, call });
      return 'active';
    }
    const present = await mark();
    if (!isReleased(present)) return 'inactive-elsewhere';
    await write(() => zitadel.users.reactivate(userId, call));
    await clearMark(zitadel, userId, released, { write, call });
    return 'active';
  }
  if (user.state === 'USER_STATE_INITIAL') return 'never-set-up';
  if (user.state === 'USER_STATE_INACTIVE') {
    const present = await mark();
    if (holds.some((uid) => markOf(uid) === present)) return 'deactivated';
    const taken = present === undefined && holds.some((uid) => markOf(uid) === former);
    if (!taken && !isReleased(present)) return 'inactive-elsewhere';
    // What deactivated it goes, and another reason stays: that one answers for it from now on. So does ours for what the Go
    // provider deactivated on its behalf.
    await setMark(taken ? (wanted.former ?? hold) : hold);
    return 'deactivated';
  }
  // The mark first: after a crash in between, an inactive user with our mark is known to be our doing.
  await setMark(hold);
  const { changed } = await write(() => zitadel.users.deactivate(userId, call));
  if (changed) return 'deactivated';
  // Somebody was faster, and it is theirs to undo.
  await clearMark(zitadel, userId, holds, { write, call });
  return 'inactive-elsewhere';
}

/** Takes a mark of ours from a user that is active. Zitadel refuses to remove what is not there, so that is looked at first. */
async function clearMark(
  zitadel: Pick<Zitadel, 'users'>,
  userId: string,
  released: readonly string[],
  { write, call }: { readonly write: ReconcileContext['write']; readonly call: CallOptions },
): Promise<void> {
  const present = (await zitadel.users.metadata(userId, call)).get(deactivatedByKey);
  if (released.some((uid) => markOf(uid) === present))
    await write(() => zitadel.users.removeMetadata(userId, [deactivatedByKey], call));
}

/** Whether the Go provider has reconciled an object: it says so in one word of its own. */
export function wasReconciledByGo(conditions: readonly Condition[] | undefined): boolean {
  return (
    conditions?.some(
      ({ type, status, reason }) => type === 'Ready' && status === 'True' && reason === 'Reconciled',
    ) ?? false
  );
}
