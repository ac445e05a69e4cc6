import type { CallOptions } from '@drawbridge/kit';
import type { FoundUser, UserUpdate } from '@drawbridge/zitadel';
import type { ObjectClient, Stored } from '../../cluster/index.ts';
import { finalizers, type State, type User, type UserDeactivation } from '../../milo/index.ts';
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
import { type SettledState, settleState } from './user-state.ts';

/** What a User is reconciled with. */
export interface UserReconcilerOptions {
  readonly parts: ReconcilerParts;
  readonly plane: Plane;
  readonly users: ObjectClient<User>;
  /** Those of a user that are there and not being deleted. */
  readonly deactivations: (user: string) => readonly Stored<UserDeactivation>[];
  readonly locks: Locks;
  readonly guard: Guard;
  /** Whether only approved registrations may sign in; one that nobody has decided on is not approved. */
  readonly registrationApproval: boolean;
  /** Whether names and mail address in Zitadel are set to what the object says, or differences only told. */
  readonly profiles: 'correct' | 'report';
}

/** How a User reads in Zitadel, once it was looked at. */
interface Outcome {
  readonly state: State;
  readonly condition: NewCondition;
}

const type = 'ZitadelReady';

/**
 * Reconciles Users: the person in Zitadel whose id is the object's name has the object's names and mail address, may sign in
 * unless something in the cluster says otherwise, and goes with the object.
 */
export function createUserReconciler(options: UserReconcilerOptions): Reconcile {
  const { parts, plane, users, locks, guard } = options;
  const { zitadel, clock } = parts;

  const remove = async (object: Stored<User>, context: Parameters<Reconcile>[1]): Promise<void> => {
    const { name } = object.metadata;
    const call = callOf(context);
    const user = await zitadel.users.find(name, call);
    const refusal = user === undefined ? undefined : await refusalOf(user, call);
    if (refusal !== undefined) {
      plane.event(object, { type: 'Warning', action: 'Delete', ...refusal });
    } else if (user !== undefined) {
      await context.write(() => zitadel.users.remove(name, call));
      plane.event(object, {
        type: 'Normal',
        action: 'Delete',
        reason: 'Deleted',
        note: 'The user was deleted in Zitadel.',
      });
    }
    await removeFinalizer(users, object, finalizers.user, call);
  };

  /** Why a user is kept in Zitadel although its object goes. */
  const refusalOf = async (user: FoundUser, call: CallOptions) => {
    if (user.human === undefined)
      return { reason: 'NotAPerson', note: 'The id is that of a machine in Zitadel, which stays there.' };
    const kept = await guard.reasonToKeep(user.userId, call);
    return kept === undefined
      ? undefined
      : { reason: kept.reason, note: `${kept.note} It stays in Zitadel.` };
  };

  const look = async (object: Stored<User>, context: Parameters<Reconcile>[1]): Promise<Outcome> => {
    const { name, uid } = object.metadata;
    const call = callOf(context);
    const user = await zitadel.users.find(name, call);
    if (user === undefined)
      return { state: 'Inactive', condition: no('UserMissing', 'Zitadel has no user with this id.') };
    if (user.human === undefined)
      return {
        state: 'Inactive',
        condition: no('NotAPerson', 'The user with this id in Zitadel is a machine.'),
      };

    const different = driftOf(object, user);
    const fields = Object.keys(different).join(', ');
    if (fields !== '' && options.profiles === 'correct') {
      await context.write(() => zitadel.users.update(name, updateOf(different, user), call));
      plane.event(object, {
        type: 'Normal',
        action: 'Update',
        reason: 'ProfileCorrected',
        note: `Set in Zitadel to what the object says: ${fields}.`,
      });
    }
    const approval = object.status?.registrationApproval ?? 'Pending';
    const gated = options.registrationApproval && approval !== 'Approved';
    const held = options.deactivations(name).map(({ metadata }) => metadata.uid);
    const demanded = gated ? [...held, uid] : held;
    const kept =
      demanded.length > 0 && user.state !== 'USER_STATE_INACTIVE'
        ? await guard.reasonToKeep(name, call)
        : undefined;
    const former = object.status?.conditions?.find((one) => one.type === type);
    const state = await settleState(
      zitadel,
      user,
      {
        holds: kept === undefined ? demanded : [],
        released: gated ? [] : [uid],
        wasHeld: former !== undefined && former.reason !== 'Active',
      },
      { write: context.write, call },
    );
    if (kept !== undefined && state === 'active')
      return { state: 'Active', condition: no(kept.reason, kept.note) };
    const told = outcomeOf(state, gated && held.length === 0 ? approval : undefined);
    // Until it is written down that the user is out, and so again after a look that broke off.
    if (state === 'deactivated' && former?.reason !== told.condition.reason)
      await endSessions(zitadel, name, { write: context.write, call });
    if (fields !== '' && options.profiles === 'report' && told.condition.status === 'True')
      return { ...told, condition: no('ProfileDiffers', `Zitadel has other values of: ${fields}.`) };
    return told;
  };

  return async (name, context) => {
    const call = callOf(context);
    const read = await users.find(name, call);
    if (!read) return undefined;
    if (isDeleting(read)) {
      if (read.metadata.finalizers?.includes(finalizers.user))
        await locks.run(name, () => remove(read, context));
      return undefined;
    }
    const object = await addFinalizer(users, read, finalizers.user, call);
    const { state, condition } = await locks.run(name, () => look(object, context));
    await report(users, object, condition, { state }, { clock, call });
    return undefined;
  };
}

type Drift = Partial<Record<'givenName' | 'familyName' | 'email', string>>;

/** What the object says and Zitadel has otherwise. Names that the object leaves out are not compared: Zitadel demands some. */
function driftOf({ spec }: User, { human }: FoundUser): Drift {
  const { givenName, familyName } = human?.profile ?? {};
  const address = human?.email?.email ?? '';
  return {
    ...(spec.givenName && spec.givenName !== givenName ? { givenName: spec.givenName } : {}),
    ...(spec.familyName && spec.familyName !== familyName ? { familyName: spec.familyName } : {}),
    // A case that a person wrote otherwise is the same mailbox.
    ...(spec.email.toLowerCase() === address.toLowerCase() ? {} : { email: spec.email }),
  };
}

function updateOf({ email, ...names }: Drift, { human }: FoundUser): UserUpdate {
  const { givenName = '', familyName = '', displayName } = human?.profile ?? {};
  // Zitadel puts it together once, and leaves it as it is. One that somebody chose is theirs.
  const follows = displayName === `${givenName} ${familyName}`;
  const now = { givenName, familyName, ...names };
  const profile = { ...names, ...(follows ? { displayName: `${now.givenName} ${now.familyName}` } : {}) };
  return {
    human: {
      ...(Object.keys(names).length > 0 ? { profile } : {}),
      // Nobody has proved yet to read the new address.
      ...(email === undefined ? {} : { email: { email, sendCode: {} } }),
    },
  };
}

function outcomeOf(state: SettledState, approval: string | undefined): Outcome {
  switch (state) {
    case 'active':
      return { state: 'Active', condition: yes('Active', 'The user is active in Zitadel.') };
    case 'deactivated':
      return approval === undefined
        ? {
            state: 'Inactive',
            condition: yes('Deactivated', 'The user is deactivated in Zitadel, as the cluster says.'),
          }
        : {
            state: 'Inactive',
            condition: yes(
              approval === 'Rejected' ? 'RegistrationRejected' : 'AwaitingApproval',
              'The user is deactivated in Zitadel until the registration is approved.',
            ),
          };
    case 'inactive-elsewhere':
      return {
        state: 'Inactive',
        condition: no(
          'InactiveElsewhere',
          'The user is inactive in Zitadel, and was not deactivated from here: activate it there.',
        ),
      };
    case 'locked':
      return {
        state: 'Inactive',
        condition: no('Locked', 'The user is locked in Zitadel: unlock it there.'),
      };
    case 'never-set-up':
      return {
        state: 'Active',
        condition: no('NeverSetUp', 'Zitadel cannot deactivate a user that was never set up.'),
      };
  }
}

function yes(reason: string, message: string): NewCondition {
  return { type, status: 'True', reason, message };
}

function no(reason: string, message: string): NewCondition {
  return { type, status: 'False', reason, message };
}
