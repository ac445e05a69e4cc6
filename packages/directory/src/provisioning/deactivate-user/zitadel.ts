import { deactivatedByKey } from '@drawbridge/zitadel';
import type { ZitadelState } from '../../database/index.ts';
import { changeState } from '../../people/index.ts';
import type { Step, StepContext, StepResult } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { isKnown, type KnownUser, readKnownUser } from '../steps/known-user.ts';
import type { StateInput } from './input.ts';
import { deactivatedHere, mark, removeMark, stateWord } from './ownership.ts';

interface DeactivatedOutput {
  readonly zitadelUserId: string;
  readonly says: ZitadelState;
  /** Whether the directory is who deactivated the user. */
  readonly ours: boolean;
}

type Context = StepContext<StateInput>;
type Result = StepResult<DeactivatedOutput>;

/** The user is inactive in Zitadel, and it is recorded there whether by us. */
export function deactivateStep(parts: SagaParts): Step<StateInput, DeactivatedOutput> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    place: 'zitadel',
    undo: 'activates the user again',
    key: ({ runId, userId }) => `deactivate/${userId}/${runId}`,
    async call(context) {
      const found = await readKnownUser(parts, context);
      if (!isKnown(found)) return found;
      return await deactivate(found, context);
    },
    async record(trx, context, { says, ours }) {
      await changeState(trx, {
        userId: context.userId,
        active: false,
        zitadelState: says,
        deactivatedHere: ours,
        cause: 'run',
        causeId: context.runId,
        actor: context.input.actor,
        reason: context.input.reason,
        at: new Date(parts.clock.now()),
      });
    },
    async compensate(context, { zitadelUserId, ours }) {
      if (!ours) return;
      const { zitadel } = await parts.integrations.tenant(context.organizationId, context.scope);
      await zitadel.users.reactivate(zitadelUserId, { signal: context.signal });
      await removeMark(zitadel, zitadelUserId, context.signal);
    },
  };
}

async function deactivate(
  { tenant, zitadelUserId, user }: KnownUser,
  { runId, signal }: Context,
): Promise<Result> {
  const { zitadel } = tenant;
  const says = stateWord(user?.state);
  switch (says) {
    case 'deleted':
      return done({ zitadelUserId, says, ours: false }, 'is no longer in Zitadel');
    case 'initial':
      return {
        outcome: 'attention',
        code: 'user_never_set_up',
        reason: 'Zitadel cannot deactivate a user that was never set up; it can only be deleted.',
      };
    case 'inactive': {
      const ours = await deactivatedHere(zitadel, zitadelUserId, signal);
      return done({ zitadelUserId, says, ours }, ours ? 'inactive' : 'was inactive already, by others');
    }
    default:
      // The mark first: after a crash in between, an inactive user with our mark is known to be our doing.
      await zitadel.users.setMetadata(zitadelUserId, { [deactivatedByKey]: mark(runId) }, { signal });
      await zitadel.users.deactivate(zitadelUserId, { signal });
      return done({ zitadelUserId, says: 'inactive', ours: true }, 'inactive');
  }
}

function done(output: DeactivatedOutput, detail: string): Result {
  return { outcome: 'done', output, detail };
}
