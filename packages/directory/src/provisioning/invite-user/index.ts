import { ZitadelError } from '@drawbridge/zitadel';
import type { Saga, Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { isKnown, readKnownUser } from '../steps/known-user.ts';
import { tokenStep } from '../steps/token.ts';

/** The saga behind `POST /api/users/{id}/invitation`. */
export function inviteUserSaga(parts: SagaParts): Saga<Record<string, never>> {
  return { name: 'invite-user', steps: [tokenStep(parts.integrations), inviteStep(parts)] };
}

/**
 * A fresh mail is on its way. A try whose result was lost is not repeated by itself: a person would be mailed twice, and
 * asking again costs one click.
 */
function inviteStep(parts: SagaParts): Step<Record<string, never>> {
  return {
    name: 'mail',
    title: 'mail',
    place: 'zitadel',
    undo: 'cannot take a mail back',
    beginsAlone: true,
    key: ({ runId, userId }) => `invite/${userId}/${runId}`,
    async check({ attempt }) {
      if (attempt !== 2) return undefined;
      return {
        outcome: 'attention',
        code: 'mail_unproved',
        reason: 'It is not known whether the mail was sent. Resume sends another.',
      };
    },
    async call(context) {
      const { signal } = context;
      const found = await readKnownUser(parts, context);
      if (!isKnown(found)) return found;
      const { tenant, zitadelUserId, user } = found;
      const { users } = tenant.zitadel;
      if (!user)
        return { outcome: 'attention', code: 'user_gone', reason: 'The user is no longer in Zitadel.' };
      try {
        await users.createInviteCode(zitadelUserId, { deliver: 'mail' }, { signal });
        return { outcome: 'done', output: null, detail: 'invitation sent' };
      } catch (error) {
        // Whoever can sign in already is not invited, but may still have to verify the address.
        if (!(error instanceof ZitadelError && error.code === 'zitadel_precondition')) throw error;
      }
      if (user.human?.email?.isVerified === true) {
        return {
          outcome: 'attention',
          code: 'user_set_up',
          reason: 'The user can sign in already and has a verified address; there is nothing to invite to.',
        };
      }
      await users.sendEmailCode(zitadelUserId, { deliver: 'mail' }, { signal });
      return { outcome: 'done', output: null, detail: 'verification mail sent' };
    },
  };
}
