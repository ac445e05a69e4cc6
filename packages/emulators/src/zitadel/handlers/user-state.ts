import { failedPrecondition } from '../errors.ts';
import { userState } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { detailsOf, type Handler } from './call.ts';
import { existingUser } from './user-read.ts';

interface Change {
  readonly event: 'user.deactivated' | 'user.reactivated' | 'user.locked' | 'user.unlocked';
  /** Id for a user that is not there. */
  readonly missing: string;
  /** What refuses the change in which state. */
  readonly refusals: ReadonlyMap<number, readonly [id: string, text: string]>;
}

const changes = {
  deactivate: {
    event: 'user.deactivated',
    missing: 'COMMAND-5gp2p62iin',
    refusals: new Map([
      [userState.initial, ['COMMAND-gvx4kct9r2', 'Errors.User.CantDeactivateInitial']],
      [userState.inactive, ['COMMAND-5gunjw0cd7', 'Errors.User.AlreadyInactive']],
    ]),
  },
  reactivate: {
    event: 'user.reactivated',
    missing: 'COMMAND-9hy5kzbuk6',
    refusals: refuse('COMMAND-s5qqcz97hf', 'Errors.User.NotInactive', [
      userState.active,
      userState.locked,
      userState.initial,
    ]),
  },
  lock: {
    event: 'user.locked',
    missing: 'COMMAND-450yxuqrh1',
    refusals: refuse('COMMAND-lgws8wtsqf', 'Errors.User.ShouldBeActiveOrInitial', [
      userState.inactive,
      userState.locked,
    ]),
  },
  unlock: {
    event: 'user.unlocked',
    missing: 'COMMAND-x377t913pw',
    refusals: refuse('COMMAND-olb9vb0oca', 'Errors.User.NotLocked', [
      userState.active,
      userState.inactive,
      userState.initial,
    ]),
  },
} as const satisfies Record<string, Change>;

function refuse(id: string, text: string, states: readonly number[]) {
  return new Map(states.map((state) => [state, [id, text] as const]));
}

/** The four changes of a user's state; state is judged before the right (internal/command/user_v2.go). */
function changeState(change: Change): Handler {
  return (call, input) => {
    const user = existingUser(call.fresh, input.id('userId'), change.missing);
    const refusal = change.refusals.get(user.state);
    if (refusal) throw failedPrecondition(refusal[0], refusal[1]);
    call.require('user.write', user.organizationId);
    const draft: AnyDraft = {
      aggregateType: 'user',
      aggregateId: user.id,
      resourceOwner: user.organizationId,
      type: change.event,
      payload: {},
    };
    return { details: detailsOf(call.push(draft)) };
  };
}

export const deactivateUser = changeState(changes.deactivate);
export const reactivateUser = changeState(changes.reactivate);
export const lockUser = changeState(changes.lock);
export const unlockUser = changeState(changes.unlock);

/** DeleteUser: unknown and repeated are NotFound (internal/command/user_v2.go). */
export const deleteUser: Handler = (call, input) => {
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-bd4ir1mblj');
  const own = user.id === call.caller.userId;
  call.require(
    own && call.permits('user.self.delete', user.organizationId) ? 'user.self.delete' : 'user.delete',
    user.organizationId,
  );
  const event = call.push({
    aggregateType: 'user',
    aggregateId: user.id,
    resourceOwner: user.organizationId,
    type: 'user.removed',
    payload: { userName: user.username },
  });
  return { details: detailsOf(event) };
};
