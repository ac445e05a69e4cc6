import type { CallOptions } from '@drawbridge/kit';
import {
  type FoundUser,
  hasId,
  type OwnerMark,
  ownerMetadata,
  readOwner,
  sameOwner,
  ZitadelError,
} from '@drawbridge/zitadel';
import type { Stored } from '../../cluster/index.ts';
import { finalizers, type State } from '../../milo/index.ts';
import {
  addFinalizer,
  hasFinalizer,
  isDeleting,
  type NewCondition,
  type ReconcileContext,
  type ReconcileResult,
  removeFinalizer,
} from '../runtime/index.ts';
import { type Account, type AccountKind, keySecretOf } from './account.ts';
import type { KeyKeeper } from './key-secret.ts';
import { callOf, type Plane, type ReconcilerParts } from './parts.ts';
import { report } from './report.ts';
import { settleState, wasReconciledByGo } from './user-state.ts';

/** What machines are reconciled with. */
export interface AccountReconcilerOptions {
  readonly parts: ReconcilerParts;
  readonly keys: KeyKeeper;
}

/** Where an account is. */
export interface AccountPlace<T extends Account> {
  readonly plane: Plane;
  readonly kind: AccountKind<T>;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Looks at one account of one control plane. */
export type ReconcileAccount = <T extends Account>(
  place: AccountPlace<T>,
  context: ReconcileContext,
) => Promise<ReconcileResult | undefined>;

interface Outcome {
  readonly state: State;
  readonly condition: NewCondition;
  readonly againAfterMs?: number;
}

const organizationMissing = 'COMMAND-QXPGs';

/**
 * Reconciles ServiceAccounts and the older MachineAccounts: each has a machine in Zitadel whose id is the object's uid, in the
 * organization of the project, with access tokens that are JWTs, in the state that the object says, and gone with it. Where the
 * object names a Secret, a key is kept in there and replaced before it is old.
 */
export function createAccountReconciler({ parts, keys }: AccountReconcilerOptions): ReconcileAccount {
  const { zitadel, clock } = parts;

  /** The machine, made if need be; or why it is not to be touched. */
  const machineOf = async <T extends Account>(
    object: Stored<T>,
    email: string,
    { plane }: AccountPlace<T>,
    context: ReconcileContext,
  ): Promise<FoundUser | NewCondition> => {
    const call = callOf(context);
    const { uid, name } = object.metadata;
    const organizationId = await plane.organizationId(call);
    let user = await zitadel.users.find(uid, call);
    if (!user) {
      try {
        await context.write(() =>
          zitadel.users.create(
            {
              userId: uid,
              organizationId,
              username: email,
              machine: { name, accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' },
              metadata: ownerMetadata(markOf(plane, object)),
            },
            call,
          ),
        );
      } catch (error) {
        if (hasId(error, organizationMissing))
          return no('OrganizationMissing', `Zitadel has no organization ${organizationId} yet.`);
        if (error instanceof ZitadelError && error.code === 'zitadel_already_exists')
          return no('NameTaken', `Another user in Zitadel has the user name ${email}.`);
        throw error;
      }
      plane.event(object, {
        type: 'Normal',
        action: 'Create',
        reason: 'Created',
        note: `The machine ${uid} was made in Zitadel.`,
      });
      user = await zitadel.users.get(uid, call);
    }
    if (user.machine === undefined) return no('NotAMachine', 'The user with this id in Zitadel is a person.');
    // S57: an id that was used before comes back in the organization it was in.
    if (user.organizationId !== organizationId) {
      return no(
        'WrongOrganization',
        `The machine is in the organization ${user.organizationId}, not in ${organizationId}; nothing is done with it.`,
      );
    }
    return user;
  };

  /** Sets right what differs. The access token type alone decides what the tokens look like. */
  const correct = async <T extends Account>(
    object: Stored<T>,
    user: FoundUser,
    email: string,
    { plane }: AccountPlace<T>,
    context: ReconcileContext,
  ): Promise<void> => {
    const call = callOf(context);
    const { name } = object.metadata;
    const machine = {
      ...(user.machine?.name === name ? {} : { name }),
      ...(user.machine?.accessTokenType === 'ACCESS_TOKEN_TYPE_JWT'
        ? {}
        : { accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' as const }),
    };
    const change = {
      ...(user.username === email ? {} : { username: email }),
      ...(Object.keys(machine).length > 0 ? { machine } : {}),
    };
    if (Object.keys(change).length === 0) return;
    await context.write(() => zitadel.users.update(user.userId, change, call));
    const what = [...Object.keys(machine), ...(change.username === undefined ? [] : ['username'])].join(', ');
    plane.event(object, {
      type: 'Normal',
      action: 'Update',
      reason: 'Corrected',
      note: `Set in Zitadel to what it has to be: ${what}.`,
    });
  };

  const look = async <T extends Account>(
    object: Stored<T>,
    email: string,
    place: AccountPlace<T>,
    context: ReconcileContext,
  ): Promise<Outcome> => {
    const call = callOf(context);
    const { uid } = object.metadata;
    const user = await machineOf(object, email, place, context);
    if (!('userId' in user)) return { state: 'Inactive', condition: user };
    await correct(object, user, email, place, context);
    const inactive = object.spec?.state === 'Inactive';
    const state = await settleState(
      zitadel,
      user,
      {
        holds: inactive ? [uid] : [],
        released: [uid],
        wasHeld: object.status?.state !== 'Active',
        former:
          object.status?.state === 'Inactive' && wasReconciledByGo(object.status.conditions)
            ? uid
            : undefined,
      },
      { write: context.write, call },
    );
    if (state === 'deactivated')
      return { state: 'Inactive', condition: yes('Deactivated', 'The machine is deactivated in Zitadel.') };
    if (state === 'inactive-elsewhere') {
      return inactive
        ? {
            state: 'Inactive',
            condition: yes('InactiveElsewhere', 'The machine was inactive already, by others.'),
          }
        : {
            state: 'Inactive',
            condition: no(
              'InactiveElsewhere',
              'The machine is inactive in Zitadel, and was not deactivated from here: activate it there.',
            ),
          };
    }
    if (state === 'locked')
      return {
        state: 'Inactive',
        condition: no('Locked', 'The machine is locked in Zitadel: unlock it there.'),
      };
    const secret = keySecretOf(object);
    if (secret === 'invalid')
      return {
        state: 'Active',
        condition: no('InvalidKeySecret', 'The annotation names no Secret that this account may have.'),
      };
    const kept =
      secret === undefined
        ? undefined
        : await keys.keep({ object, email, secret, plane: place.plane }, context);
    if (kept?.refused !== undefined)
      return { state: 'Active', condition: no('KeySecretTaken', kept.refused) };
    return {
      state: 'Active',
      condition: yes('Active', 'The machine is active in Zitadel.'),
      ...(kept?.againAfterMs === undefined ? {} : { againAfterMs: kept.againAfterMs }),
    };
  };

  const remove = async <T extends Account>(
    object: Stored<T>,
    { plane }: AccountPlace<T>,
    context: ReconcileContext,
  ) => {
    const call = callOf(context);
    const { uid } = object.metadata;
    const user = await zitadel.users.find(uid, call);
    if (user === undefined) return;
    const organizationId = await plane.organizationId(call);
    const marked = sameOwner(readOwner(await zitadel.users.metadata(uid, call)), markOf(plane, object));
    if (user.machine === undefined || !(marked || user.organizationId === organizationId)) {
      plane.event(object, {
        type: 'Warning',
        action: 'Delete',
        reason: 'Kept',
        note: 'The user with this id in Zitadel is none of ours, and stays there.',
      });
      return;
    }
    await context.write(() => zitadel.users.remove(uid, call));
    plane.event(object, {
      type: 'Normal',
      action: 'Delete',
      reason: 'Deleted',
      note: 'The machine was deleted in Zitadel, its keys with it.',
    });
  };

  return async (place, context) => {
    const call: CallOptions = callOf(context);
    const client = place.kind.objects(place.namespace);
    const read = await client.find(place.name, call);
    if (!read) return undefined;
    if (isDeleting(read)) {
      if (hasFinalizer(read, finalizers.serviceAccount)) {
        await remove(read, place, context);
        await removeFinalizer(client, read, finalizers.serviceAccount, call);
      }
      return undefined;
    }
    const object = await addFinalizer(client, read, finalizers.serviceAccount, call);
    const email = place.kind.email(object);
    const { state, condition, againAfterMs } = await look(object, email, place, context);
    await report<Account>(
      client as unknown as Parameters<typeof report<Account>>[0],
      object,
      condition,
      { email, state },
      { clock, call },
    );
    // An organization that is being made has no event here.
    if (condition.reason === 'OrganizationMissing') return { againAfterMs: 5_000 };
    return againAfterMs === undefined ? undefined : { againAfterMs };
  };
}

/** Users of Zitadel that are this object's. */
function markOf({ name }: Plane, { metadata }: Stored<Account>): OwnerMark {
  return { owner: 'controller', tenant: name, ref: metadata.uid };
}

function yes(reason: string, message: string): NewCondition {
  return { type: 'Ready', status: 'True', reason, message };
}

function no(reason: string, message: string): NewCondition {
  return { type: 'Ready', status: 'False', reason, message };
}
