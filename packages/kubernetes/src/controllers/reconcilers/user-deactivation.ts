import type { ObjectClient, Stored } from '../../cluster/index.ts';
import { finalizers, type User, type UserDeactivation } from '../../milo/index.ts';
import {
  addFinalizer,
  isDeleting,
  type NewCondition,
  type Reconcile,
  removeFinalizer,
} from '../runtime/index.ts';
import type { Guard } from './guard.ts';
import type { Locks } from './locks.ts';
import { callOf, type Plane, type ReconcilerParts } from './parts.ts';
import { report } from './report.ts';
import { endSessions } from './sessions.ts';
import { type SettledState, settleState, wasReconciledByGo } from './user-state.ts';

/** What a UserDeactivation is reconciled with. */
export interface UserDeactivationReconcilerOptions {
  readonly parts: ReconcilerParts;
  readonly plane: Plane;
  readonly users: ObjectClient<User>;
  readonly deactivations: ObjectClient<UserDeactivation>;
  readonly locks: Locks;
  readonly guard: Guard;
  /** Whether only approved registrations may sign in. */
  readonly registrationApproval: boolean;
  /** The user's own object is to be looked at. */
  readonly onSettled: (user: string) => void;
}

/**
 * Reconciles UserDeactivations: while one is there its user is deactivated, and once the last one goes the user is active again,
 * unless it was inactive by others.
 */
export function createUserDeactivationReconciler(options: UserDeactivationReconcilerOptions): Reconcile {
  const { parts, plane, users, deactivations, locks, guard } = options;
  const { zitadel, clock } = parts;

  /** uids of what demands that the user is inactive, beside this one; read from the server, since copies lag. */
  const otherHolds = async (object: Stored<UserDeactivation>, context: Parameters<Reconcile>[1]) => {
    const call = callOf(context);
    const { userRef } = object.spec;
    const { items } = await deactivations.list({}, call);
    const held = items
      .filter((one) => one.spec.userRef.name === userRef.name && !isDeleting(one))
      .map(({ metadata }) => metadata.uid)
      .filter((uid) => uid !== object.metadata.uid);
    const user = await users.find(userRef.name, call);
    const gated =
      options.registrationApproval && user !== undefined && user.status?.registrationApproval !== 'Approved';
    return gated ? [...held, user.metadata.uid] : held;
  };

  const release = async (object: Stored<UserDeactivation>, context: Parameters<Reconcile>[1]) => {
    const call = callOf(context);
    const user = await zitadel.users.find(object.spec.userRef.name, call);
    if (user === undefined) return;
    const holds = await otherHolds(object, context);
    const state = await settleState(
      zitadel,
      user,
      { holds, released: [object.metadata.uid], wasHeld: true, former: formerOf(object) },
      { write: context.write, call },
    );
    plane.event(object, { ...releasedEvent(state), action: 'Activate' });
  };

  const hold = async (
    object: Stored<UserDeactivation>,
    context: Parameters<Reconcile>[1],
  ): Promise<NewCondition> => {
    const call = callOf(context);
    const { name } = object.spec.userRef;
    // Its name is an id that anybody could write; that the cluster knows the user is what makes it one of ours.
    if (!(await users.find(name, call))) return no('UserNotFound', `There is no User ${name}.`);
    const user = await zitadel.users.find(name, call);
    if (user === undefined) return no('UserMissing', 'Zitadel has no user with this id.');
    if (user.human === undefined) return no('NotAPerson', 'The user with this id in Zitadel is a machine.');
    const kept = user.state === 'USER_STATE_INACTIVE' ? undefined : await guard.reasonToKeep(name, call);
    if (kept !== undefined) return no(kept.reason, kept.note);
    const { uid } = object.metadata;
    const others = user.state === 'USER_STATE_INACTIVE' ? await otherHolds(object, context) : [];
    const state = await settleState(
      zitadel,
      user,
      { holds: [uid, ...others], released: [], wasHeld: false, former: formerOf(object) },
      { write: context.write, call },
    );
    if (state === 'deactivated' && user.state !== 'USER_STATE_INACTIVE') {
      plane.event(object, {
        type: 'Normal',
        action: 'Deactivate',
        reason: 'Deactivated',
        note: `The user ${name} was deactivated in Zitadel.`,
      });
    }
    const told = conditionOf(state);
    const former = object.status?.conditions?.find(({ type }) => type === told.type);
    // Until it is written down that the user is out, and so again after a look that broke off.
    if (state === 'deactivated' && former?.reason !== told.reason)
      await endSessions(zitadel, name, { write: context.write, call });
    return told;
  };

  return async (name, context) => {
    const call = callOf(context);
    const read = await deactivations.find(name, call);
    if (!read) return undefined;
    const user = read.spec.userRef.name;
    if (isDeleting(read)) {
      if (read.metadata.finalizers?.includes(finalizers.userDeactivation)) {
        await locks.run(user, () => release(read, context));
        await removeFinalizer(deactivations, read, finalizers.userDeactivation, call);
        options.onSettled(user);
      }
      return undefined;
    }
    const object = await addFinalizer(deactivations, read, finalizers.userDeactivation, call);
    const condition = await locks.run(user, () => hold(object, context));
    await report(deactivations, object, condition, {}, { clock, call });
    options.onSettled(user);
    return undefined;
  };
}

function formerOf({ metadata, status }: Stored<UserDeactivation>): string | undefined {
  return wasReconciledByGo(status?.conditions) ? metadata.uid : undefined;
}

function conditionOf(state: SettledState): NewCondition {
  switch (state) {
    case 'deactivated':
      return yes('Deactivated', 'The user is deactivated in Zitadel.');
    case 'never-set-up':
      return no(
        'NeverSetUp',
        'Zitadel cannot deactivate a user that was never set up; it can only be deleted.',
      );
    default:
      // F11: what is wanted is so, by whomever.
      return yes(
        'InactiveElsewhere',
        'The user was inactive already, by others; it stays so when this object goes.',
      );
  }
}

function releasedEvent(state: SettledState): {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
} {
  switch (state) {
    case 'active':
      return { type: 'Normal', reason: 'Activated', note: 'The user is active in Zitadel.' };
    case 'deactivated':
      return {
        type: 'Normal',
        reason: 'StillDeactivated',
        note: 'Something else still deactivates the user.',
      };
    default:
      return {
        type: 'Warning',
        reason: 'InactiveElsewhere',
        note: 'The user is not active in Zitadel, and was not deactivated from here: activate it there.',
      };
  }
}

function yes(reason: string, message: string): NewCondition {
  return { type: 'Ready', status: 'True', reason, message };
}

function no(reason: string, message: string): NewCondition {
  return { type: 'Ready', status: 'False', reason, message };
}
