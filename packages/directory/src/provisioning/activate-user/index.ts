import { changeState } from '../../people/index.ts';
import type { Saga, Step, StepResult } from '../../saga/index.ts';
import { deactivatedHere, removeMark, type StateInput, stateWord } from '../deactivate-user/index.ts';
import type { SagaParts } from '../parts.ts';
import { isKnown, readKnownUser } from '../steps/known-user.ts';
import { netbirdBlockStep } from '../steps/netbird-block.ts';
import { tokenStep } from '../steps/token.ts';

interface ActivatedOutput {
  readonly zitadelUserId: string;
  readonly changed: boolean;
}

/** The saga behind `POST /api/zitadel/users/{id}/activate`. */
export function activateUserSaga(parts: SagaParts): Saga<StateInput> {
  return {
    name: 'activate-user',
    steps: [tokenStep(parts.integrations), activateStep(parts), netbirdBlockStep(parts, false)],
  };
}

/** The user is active in Zitadel. What others deactivated is reported and left. */
function activateStep(parts: SagaParts): Step<StateInput, ActivatedOutput> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    place: 'zitadel',
    key: ({ runId, userId }) => `activate/${userId}/${runId}`,
    async call(context) {
      const { signal, attempt } = context;
      const found = await readKnownUser(parts, context);
      if (!isKnown(found)) return found;
      const { tenant, zitadelUserId, user } = found;
      const { users } = tenant.zitadel;
      const says = stateWord(user?.state);
      if (says !== 'active' && says !== 'inactive') return cannot(says);
      if (says === 'inactive') {
        if (!(await deactivatedHere(tenant.zitadel, zitadelUserId, signal))) return elsewhere;
        await users.reactivate(zitadelUserId, { signal });
      }
      await removeMark(tenant.zitadel, zitadelUserId, signal);
      const changed = says === 'inactive' || attempt > 1;
      return {
        outcome: 'done',
        output: { zitadelUserId, changed },
        detail: changed ? 'active' : 'was active already',
      };
    },
    async record(trx, { userId, runId, input }) {
      await changeState(trx, {
        userId,
        active: true,
        zitadelState: 'active',
        deactivatedHere: false,
        cause: 'run',
        causeId: runId,
        actor: input.actor,
        reason: input.reason,
        at: new Date(parts.clock.now()),
      });
    },
  };
}

const elsewhere: StepResult<never> = {
  outcome: 'attention',
  code: 'inactive_elsewhere',
  reason: 'Somebody else deactivated the user in Zitadel. Activate it there; the directory follows.',
};

function cannot(says: 'locked' | 'initial' | 'deleted' | 'unknown'): StepResult<never> {
  const reasons = {
    locked: 'Zitadel has locked the user, after failed sign-ins or by a person. Unlock it in Zitadel.',
    initial: 'The user was never set up in Zitadel. Send the invitation again.',
    deleted: 'The user is no longer in Zitadel. Create it anew.',
    unknown: 'Zitadel tells a state of the user that the directory does not know.',
  };
  const codes = {
    locked: 'user_locked',
    initial: 'user_never_set_up',
    deleted: 'user_gone',
    unknown: 'invalid_response',
  };
  return { outcome: 'attention', code: codes[says], reason: reasons[says] };
}
